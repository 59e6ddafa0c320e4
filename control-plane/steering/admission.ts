import { householdLimit } from '../addresses/household-limit.ts'
import type { Egress } from '../limits/line-budget.ts'
import type { Copy, LiveStream } from './live-streams.ts'
import { RELAY } from './pathway-id.ts'
import { recentlySent } from './recently-sent.ts'
import type { Tracks } from './stream-tracks.ts'

export type Admission = ReturnType<typeof admission>

type Dependencies = {
  /** Absent: the relay sends as much as it is asked for. */
  relayBudget?: Egress | undefined
  now?: () => number
}

/** Nodes count who has fetched something within some seconds: those who came just before a heartbeat are not in it. */
const UNCOUNTED_MS = 10_000
/** A player asks where to go within twelve seconds, and is seen by that. */
const ASKS_WITHIN_MS = 12_000
/** It asks first as soon as it has its playlist. */
const FIRST_ASKS_WITHIN_MS = 3000
/** Whoever asks again and again is not so many viewers. A whole office behind one address is counted by the node that serves it. */
const OF_A_HOUSEHOLD = { perHousehold: 4, perMs: ASKS_WITHIN_MS }

/** Knows of viewers before the nodes do: between two heartbeats a thousand could be sent to one that has room for six. */
export function admission({ relayBudget = {}, now = Date.now }: Dependencies = {}) {
  const sent = recentlySent(now)
  const seen = recentlySent(now)
  const [comers, players] = [
    householdLimit({ ...OF_A_HOUSEHOLD, now }),
    householdLimit({ ...OF_A_HOUSEHOLD, now }),
  ]

  /** Of a node that tells nothing of its load nothing is known, however many were sent there. */
  function loaded(copy: Copy): Copy {
    const { load, heardAt, node } = copy
    if (!load) return copy
    return { ...copy, load: sum(load, sent.since(node.id, (heardAt?.getTime() ?? 0) - UNCOUNTED_MS)) }
  }

  return {
    /** The stream with what its nodes send by now, as well as that is known; and the same of the relay. */
    weigh(stream: LiveStream) {
      const playing = seen.since(RELAY, now() - ASKS_WITHIN_MS)
      const load = sum(playing, sent.since(RELAY, now() - FIRST_ASKS_WITHIN_MS))
      return {
        stream: { ...stream, copies: stream.copies.map(loaded) },
        relay: { load, budget: relayBudget },
      }
    },
    /** Somebody at this address was just sent there. */
    sentTo(copy: Copy | undefined, cost: number, address: string) {
      if (comers.admits(address)) sent.add(copy?.node.id ?? RELAY, cost)
    },
    /** Somebody plays through the relay, which does not tell how much it sends. */
    playsThroughRelay(cost: number, address: string) {
      if (players.admits(address)) seen.add(RELAY, cost)
    },
  }
}

const sum = (one: Egress, other: Required<Egress>): Egress => ({
  viewers: (one.viewers ?? 0) + other.viewers,
  bitsPerSecond: (one.bitsPerSecond ?? 0) + other.bitsPerSecond,
})

/** What one more viewer takes of a line: players take the best rendition that their own line lets them. */
export const viewerCost = ({ renditions: [best] }: Tracks): number =>
  best ? best.averageBandwidth || best.bandwidth : 0
