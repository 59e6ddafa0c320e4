import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { familyOf } from '../addresses/addresses.ts'
import { isUp, type KeptStanding } from './standing.ts'
import type { StandingRepository, Watched } from './standing-repository.ts'

type Dependencies = {
  standings: Pick<StandingRepository, 'find' | 'listUp'>
  lookOnce: (node: Watched) => Promise<void>
  signal: AbortSignal
  now: () => Date
}

const AGAIN_MS = 1000
const LONGEST_MS = 20_000
/** Nodes at once: more of them fail together than the prober must hurry for. */
const MOST = 20
/** So many others are asked beside each. If they are missed too, it is the prober that fails. */
const COMPARED = 3

export type CloseWatch = ReturnType<typeof watchClosely>

/** Keeps looking at nodes that viewers have lost, until they are found or have fallen, and at some others beside them. */
export function watchClosely({ standings, lookOnce, signal, now }: Dependencies) {
  const lost = new Map<string, { alone: boolean }>()
  /** Of each family the two that were found last: one of them is another than the one that is asked about. */
  const found = new Map<4 | 6, { nodeId: string; at: Date }[]>()

  async function keepLooking(nodeId: string, compared: Watched[]) {
    const until = performance.now() + LONGEST_MS
    while (lost.has(nodeId) && performance.now() < until && !signal.aborted) {
      const node = await standings.find(nodeId, now())
      if (!node) return
      await lookOnce(node)
      for (const other of compared.splice(0)) void lookOnce(other) // now that it was missed, if it was
      await sleep(AGAIN_MS, signal)
    }
  }

  return {
    async begin(nodeId: string) {
      if (lost.has(nodeId) || lost.size >= MOST) return
      const node = await standings.find(nodeId, now())
      if (!node || lost.has(nodeId)) return
      lost.set(nodeId, { alone: false })
      const selection = { most: COMPARED, besides: [nodeId] }
      const compared = await standings.listUp(familyOf(node.address), now(), selection)
      lost.set(nodeId, { alone: compared.length === 0 })
      await keepLooking(nodeId, compared).finally(() => lost.delete(nodeId))
    },

    /** Viewers say that they have lost it, and the prober, which has found another since it missed this one, can be believed. */
    isWitnessed({ nodeId, address, standing }: Watched, at: Date): boolean {
      const said = lost.get(nodeId)
      if (!said) return false
      const since = standing?.badSince ?? at
      const others = found.get(familyOf(address)) ?? []
      return said.alone || others.some((other) => other.nodeId !== nodeId && other.at >= since)
    },

    /** What a look has come to. */
    looked({ nodeId, address }: Watched, { state, goodSince }: KeptStanding, at: Date) {
      if (goodSince) {
        const others = (found.get(familyOf(address)) ?? []).filter((other) => other.nodeId !== nodeId)
        found.set(familyOf(address), [{ nodeId, at }, ...others.slice(0, 1)])
      }
      if (goodSince || !isUp(state)) lost.delete(nodeId)
    },
  }
}
