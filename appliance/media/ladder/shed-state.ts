/**
 * How many of a session's rungs are not encoded because this node is too slow for them, the costliest first.
 * Times in milliseconds of a clock that nobody sets.
 */
export type ShedState = {
  shed: number
  /** Since when the encoder has been falling behind without a pause, and by how much it has by now. */
  behind: { since: number; readAt: number; lostMs: number } | undefined
  /** When the costliest of what is shed is tried again. */
  restoreAt: number
  /** How often in a row a rung had to go: each doubles the pause before the next attempt. */
  falls: number
  /** When the present set of rungs began. */
  changedAt: number
}

/**
 * `speed` in media seconds per second over the last moments; `backlog`: what the source has sent lies unread.
 * An encoder that falls behind has a backlog; one that has none is slow because its source is.
 */
export type Reading = { speed: number; backlog: boolean }
export type ShedAction = 'shed' | 'restore' | 'none'

/** Not 1: a source's clock may be a little slow. */
export const SLOWEST = 0.98
/** A short burst of other work costs nothing but itself; a new run costs all viewers a second or more. */
const BEHIND_MS = 5000
const MOST_LOST_MS = 2000
/** A start is work of its own, and catches up with what its source has buffered. */
const SETTLE_MS = 8000
const FIRST_PAUSE_MS = 60_000
const LONGEST_PAUSE_MS = 30 * 60_000

export function nothingShed(now: number): ShedState {
  return { shed: 0, behind: undefined, restoreAt: Number.POSITIVE_INFINITY, falls: 0, changedAt: now }
}

/** What becomes of a ladder of so many `rungs` after a reading of its encoder, and what its shell must do about it. */
export function nextShed(
  state: ShedState,
  { speed, backlog }: Reading,
  { now, rungs }: { now: number; rungs: number },
): [ShedState, ShedAction] {
  if (now - state.changedAt < SETTLE_MS) return [state, 'none']
  if (speed >= SLOWEST || !backlog) return calm({ ...state, behind: undefined }, now)
  const behind = fartherBehind(state, speed, now)
  const patient = now - behind.since < BEHIND_MS || behind.lostMs < MOST_LOST_MS
  if (patient || state.shed >= rungs - 1) return [{ ...state, behind }, 'none']
  return [fallen(state, now), 'shed']
}

function fartherBehind({ behind }: ShedState, speed: number, now: number) {
  const { since, readAt, lostMs } = behind ?? { since: now, readAt: now, lostMs: 0 }
  return { since, readAt: now, lostMs: lostMs + (1 - speed) * (now - readAt) }
}

function fallen({ shed, falls }: ShedState, now: number): ShedState {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** falls, LONGEST_PAUSE_MS)
  return {
    shed: shed + 1,
    behind: undefined,
    restoreAt: now + pauseMs,
    falls: falls + 1,
    changedAt: now,
  }
}

/** A set of rungs that has lasted longer than the longest pause has proved itself: the next fall is a first one. */
function calm(state: ShedState, now: number): [ShedState, ShedAction] {
  if (state.shed > 0 && now >= state.restoreAt) {
    const restoreAt = now + FIRST_PAUSE_MS
    return [{ ...state, shed: state.shed - 1, restoreAt, changedAt: now }, 'restore']
  }
  const proved = state.shed === 0 && now - state.changedAt >= LONGEST_PAUSE_MS
  return [proved ? { ...state, falls: 0 } : state, 'none']
}
