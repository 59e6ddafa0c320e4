import type { Severity } from './alert-rules.ts'
import { takesMore } from './gather-incident.ts'

export type MessageKind = 'opened' | 'grown' | 'over'

type Telling = {
  begunAt: number
  joinedAt: number
  endedAt?: number
  /** What has been told of it so far, and of how many alerts. */
  toldAt?: number
  toldCount: number
  toldSeverity?: Severity
  grownAt?: number
  overToldAt?: number
  acknowledged: boolean
  /** Of its alerts those that nobody has silenced. */
  audible: { count: number; severity: Severity }
}

/** It is told when nothing has joined for so long, and after the second at the latest. */
const SETTLED_MS = 10_000
const LONGEST_MS = 30_000
/** That it has grown is told when nothing has joined for so long: once, and all of it. */
const GROWN_MS = 30_000

/**
 * An incident is one message, one more when it is over, and between them one at most, if it has become much larger or worse, or if
 * something of it has not been told by the time that nothing joins it any more. Who has acknowledged it is not told that it grows.
 */
export function messageDue(telling: Telling, now: number): MessageKind | undefined {
  const { begunAt, joinedAt, endedAt, toldAt, overToldAt, audible } = telling
  if (endedAt !== undefined) return toldAt !== undefined && overToldAt === undefined ? 'over' : undefined
  if (audible.count === 0) return undefined
  if (toldAt === undefined)
    return now - joinedAt >= SETTLED_MS || now - begunAt >= LONGEST_MS ? 'opened' : undefined
  return hasGrown(telling, now) ? 'grown' : undefined
}

function hasGrown(telling: Telling, now: number): boolean {
  const { joinedAt, toldCount, toldSeverity, grownAt, acknowledged, audible } = telling
  if (acknowledged || grownAt !== undefined || audible.count <= toldCount) return false
  if (!takesMore(telling, now)) return true
  const isMuch = audible.count >= 2 * toldCount && audible.count >= toldCount + 3
  const isWorse = audible.severity === 'bad' && toldSeverity === 'warn'
  return (isWorse || isMuch) && now - joinedAt >= GROWN_MS
}
