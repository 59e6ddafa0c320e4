import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import type { Egress } from '../limits/line-budget.ts'
import { SERVICES } from '../limits/node-service.ts'
import type { Standing } from '../reachability/standing.ts'

/**
 * How a node does, in the order in which an operator looks: down · doubtful (something of it fails, or did a moment ago) · arriving ·
 * out (its operator has taken it out for a while) · well · retired.
 */
export const NODE_KINDS = ['down', 'doubtful', 'arriving', 'out', 'well', 'retired'] as const
export type NodeKind = (typeof NODE_KINDS)[number]

/** So much of a node as is read of every one at once. */
export type NodeBrief = {
  id: string
  name: string
  kind: NodeKind
  /** Among those that are down: the more, the sooner somebody must look. */
  urgency: number
  /** Nothing but that a probe missed it over these: it may be the prober. */
  missedOver?: (4 | 6)[]
  duty?: Duty
  release?: string
  /** The process of its agent that beat last. */
  instance?: string
  /** Where it asks viewers to be sent to, and to be found as well. */
  addresses: string[]
  isAlive: boolean
  /** Where it takes in RTMP. */
  rtmpPort?: number
  /** When it last beat. */
  heardAt?: Date
  /** What it sends to viewers, and how much that may be as far as anybody knows. */
  load?: { viewers: number; bitsPerSecond: number }
  budget?: Egress
  streams: string[]
}

export type Facts = {
  enrolledAt: Date
  revokedAt?: Date | null
  /** Since when it beats; absent before the first beat. */
  aliveSince?: Date | null
  isAlive: boolean
  isQuarantined: boolean
  duty?: Duty | null
  claims: boolean
  /** Of each address at which it asks to be found and was looked for. */
  standings: Standing[]
  /** Though a stream of it is live. */
  lacksSegment: boolean
}

/** A new node beats and is probed within seconds of its enrolment; before that its silence says nothing. */
export const SETTLING_MS = 30_000

export function nodeKind(facts: Facts, now: Date): NodeKind {
  const { enrolledAt, revokedAt, aliveSince, isAlive, isQuarantined, duty, claims, standings } = facts
  const settling = (since: Date) => now.getTime() - since.getTime() < SETTLING_MS
  if (revokedAt) return 'retired'
  if (isQuarantined) return 'down'
  if (duty === 'maintenance') return 'out'
  if (!aliveSince) return settling(enrolledAt) ? 'arriving' : 'down'
  if (!isAlive) return 'down'
  if (!claims && standings.length === 0) return settling(aliveSince) ? 'arriving' : 'down'
  const isDown = (standing: Standing) => SERVICES[standing].viewers === 'none'
  if (standings.length > 0 && standings.every(isDown)) return 'down'
  if (facts.lacksSegment || standings.some((each) => each !== 'healthy' && each !== 'pending'))
    return 'doubtful'
  if (!standings.includes('healthy')) return 'arriving'
  return duty === 'draining' ? 'out' : 'well'
}

/** A copied key can do harm; who is silent cannot tell what ails him. */
export function nodeUrgency({ isQuarantined, isAlive, aliveSince }: Facts): number {
  if (isQuarantined) return 3
  if (!isAlive && aliveSince) return 2
  return isAlive ? 1 : 0
}
