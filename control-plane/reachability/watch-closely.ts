import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { familyOf } from '../addresses/addresses.ts'
import { isUp, type KeptStanding } from './standing.ts'
import { keyOf, type StandingRepository, type Watched } from './standing-repository.ts'

type Dependencies = {
  standings: Pick<StandingRepository, 'findEach' | 'listUp'>
  lookOnce: (node: Watched) => Promise<void>
  signal: AbortSignal
  now: () => Date
}

const AGAIN_MS = 1000
const LONGEST_MS = 20_000
/** Addresses at once: more of them fail together than the prober must hurry for. */
const MOST = 40
/** So many others are asked beside each. If they are missed too, it is the prober that fails. */
const COMPARED = 3

export type CloseWatch = ReturnType<typeof watchClosely>

/** Keeps looking at nodes that viewers have lost, until they are found or have fallen, and at some others beside them. */
export function watchClosely({ standings, lookOnce, signal, now }: Dependencies) {
  const lost = new Map<string, { alone: boolean }>()
  /** Of each family the two that were found last: one of them is another than the one that is asked about. */
  const found = new Map<4 | 6, { nodeId: string; at: Date }[]>()

  async function keepLooking(key: string, first: Watched, compared: Watched[]) {
    const until = performance.now() + LONGEST_MS
    for (let node: Watched | undefined = first; node; node = await findAgain(node)) {
      await lookOnce(node)
      for (const other of compared.splice(0)) void lookOnce(other) // now that it was missed, if it was
      await sleep(AGAIN_MS, signal)
      if (!lost.has(key) || performance.now() >= until || signal.aborted) return
    }
  }

  const findAgain = async ({ nodeId, which }: Watched) =>
    (await standings.findEach(nodeId, now())).find((each) => each.which === which)

  async function beginAt(node: Watched) {
    const key = keyOf(node)
    if (lost.has(key) || lost.size >= MOST) return
    lost.set(key, { alone: false })
    const { nodeId } = node
    const besides = [
      { nodeId, which: 'first' as const },
      { nodeId, which: 'other' as const },
    ]
    const compared = await standings.listUp(familyOf(node.address), now(), { most: COMPARED, besides })
    lost.set(key, { alone: compared.length === 0 })
    await keepLooking(key, node, compared).finally(() => lost.delete(key))
  }

  return {
    /** At each of its addresses: nobody asks the viewers which it was. */
    async begin(nodeId: string) {
      await Promise.all((await standings.findEach(nodeId, now())).map(beginAt))
    },

    /** Viewers say that they have lost it, and the prober, which has found another since it missed this one, can be believed. */
    isWitnessed(node: Watched, at: Date): boolean {
      const { nodeId, address, standing } = node
      const said = lost.get(keyOf(node))
      if (!said) return false
      const since = standing?.badSince ?? at
      const others = found.get(familyOf(address)) ?? []
      return said.alone || others.some((other) => other.nodeId !== nodeId && other.at >= since)
    },

    /** What a look has come to. */
    looked(node: Watched, { state, goodSince }: KeptStanding, at: Date) {
      const { nodeId, address } = node
      if (goodSince) {
        const others = (found.get(familyOf(address)) ?? []).filter((other) => other.nodeId !== nodeId)
        found.set(familyOf(address), [{ nodeId, at }, ...others.slice(0, 1)])
      }
      if (goodSince || !isUp(state)) lost.delete(keyOf(node))
    },
  }
}
