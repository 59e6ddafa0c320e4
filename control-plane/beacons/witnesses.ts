import { hash, randomBytes } from 'node:crypto'
import { remember } from '@sixcast/shared/runtime/remember.ts'
import { household } from '../addresses/addresses.ts'

/** What a viewer's word about a node is worth: a look at it now, or many in a row, as two witnesses are. */
export type Worth = 'nothing' | 'look' | 'watch'

/** Somebody who watches tells something every five minutes. */
const AROUND_MS = 6 * 60_000
const AGREE_WITHIN_MS = 15_000
/** A node is looked at so often on viewers' word; in between they may tell what they like. */
const AGAIN = { lookMs: 10_000, watchMs: 30_000 }
/** Of all nodes together, on viewers' word. The prober looks at every one of them by itself. */
const MOST_LOOKS = { count: 50, perMs: 10_000 }
/** With fewer households around than this, one has to be enough. */
const MANY = 3
const MOST_REMEMBERED = 10_000

/**
 * Weighs what viewers say of nodes. Who they are is forgotten at once: of a household only a mark remains that means nothing outside
 * of this process, and that for minutes.
 */
export function witnesses({ now = Date.now }: { now?: () => number } = {}) {
  const secret = randomBytes(16).toString('hex')
  const around = new Map<string, number>()
  const against = new Map<string, Map<string, number>>()
  const weighed = new Map<string, { look: number; watch: number }>()
  let looks = { count: 0, until: 0 }

  const markOf = (address: string) => hash('sha256', `${secret} ${household(address)}`).slice(0, 16)

  function witnessesAgainst(nodeId: string, mark: string): number {
    const before = [...(against.get(nodeId) ?? [])].filter(([, at]) => now() - at < AGREE_WITHIN_MS)
    const agreeing = new Map([...before.slice(-9), [mark, now()]])
    remember(against, nodeId, agreeing, MOST_REMEMBERED)
    return agreeing.size
  }

  /** Counts no further than it must. */
  function isCrowded(): boolean {
    for (const [mark, at] of around) {
      if (now() - at < AROUND_MS) break
      around.delete(mark)
    }
    return around.size >= MANY
  }

  function isTooMuch(): boolean {
    if (now() >= looks.until) looks = { count: 0, until: now() + MOST_LOOKS.perMs }
    looks.count += 1
    return looks.count > MOST_LOOKS.count
  }

  return {
    /** Somebody is there. */
    heard: (address: string) => remember(around, markOf(address), now(), MOST_REMEMBERED),

    /** He says that this node has failed him. */
    lost(nodeId: string, address: string): Worth {
      const agree = witnessesAgainst(nodeId, markOf(address)) >= (isCrowded() ? 2 : 1)
      const last = weighed.get(nodeId) ?? { look: Number.NEGATIVE_INFINITY, watch: Number.NEGATIVE_INFINITY }
      const worth = agree ? 'watch' : 'look'
      if (now() - last[worth] < AGAIN[`${worth}Ms`] || isTooMuch()) return 'nothing'
      remember(weighed, nodeId, { ...last, [worth]: now() }, MOST_REMEMBERED)
      return worth
    },
  }
}
