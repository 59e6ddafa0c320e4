import { type Backoff, backoffMs } from './backoff.ts'

export type SupervisedState =
  | { name: 'stopped' }
  | { name: 'running'; failures: number; since: number; lastProgressAt: number }
  | { name: 'stopping'; failures: number; killAt: number }
  | { name: 'waiting'; failures: number; retryAt: number }
export type SupervisedEvent = 'progress' | 'exited' | 'tick'
export type SupervisedAction = 'spawn' | 'terminate' | 'kill' | 'none'

export type SupervisionRules = {
  backoff: Backoff
  /** Without progress for this long a process counts as hung. Infinity for those that show none. */
  stallMs: number
  /** The same until its first progress, where that takes longer; `stallMs` if absent. */
  startMs?: number
  /** Between the polite signal and the last one. */
  killAfterMs: number
  /** A process that ran this long starts its failures from one again. */
  steadyMs: number
}

type Step = [SupervisedState, SupervisedAction]

/** What a supervised process becomes after `event`, and what its shell must do about it. `wanted` is the order it stands under. */
export function nextSupervised(
  state: SupervisedState,
  event: SupervisedEvent,
  { wanted, now, rules }: { wanted: boolean; now: number; rules: SupervisionRules },
): Step {
  switch (state.name) {
    case 'stopped':
      return wanted ? spawned(0, now, rules) : [state, 'none']
    case 'running':
      if (event === 'exited') return settled(failuresAfter(state, now, rules), { wanted, now, rules })
      if (event === 'progress') return [{ ...state, lastProgressAt: now }, 'none']
      if (!wanted) return terminated(state.failures, now, rules)
      if (now - state.lastProgressAt >= rules.stallMs)
        return terminated(failuresAfter(state, now, rules), now, rules)
      return [state, 'none']
    case 'stopping':
      if (event === 'exited') return settled(state.failures, { wanted, now, rules })
      return now >= state.killAt ? [{ ...state, killAt: Number.POSITIVE_INFINITY }, 'kill'] : [state, 'none']
    case 'waiting':
      if (!wanted) return [{ name: 'stopped' }, 'none']
      return now >= state.retryAt ? spawned(state.failures, now, rules) : [state, 'none']
  }
}

function spawned(failures: number, now: number, { startMs, stallMs }: SupervisionRules): Step {
  const inAdvanceMs = startMs === undefined ? 0 : startMs - stallMs
  return [{ name: 'running', failures, since: now, lastProgressAt: now + inAdvanceMs }, 'spawn']
}

function terminated(failures: number, now: number, rules: SupervisionRules): Step {
  return [{ name: 'stopping', failures, killAt: now + rules.killAfterMs }, 'terminate']
}

function settled(
  failures: number,
  { wanted, now, rules }: { wanted: boolean; now: number; rules: SupervisionRules },
): Step {
  if (!wanted) return [{ name: 'stopped' }, 'none']
  return [
    { name: 'waiting', failures, retryAt: now + backoffMs(Math.max(failures, 1), rules.backoff) },
    'none',
  ]
}

function failuresAfter(
  state: { failures: number; since: number },
  now: number,
  rules: SupervisionRules,
): number {
  return now - state.since >= rules.steadyMs ? 1 : state.failures + 1
}
