import type { Reading } from './alert-rules.ts'

export type AlertState =
  | { name: 'quiet' }
  /** It fires, but not for long enough yet. */
  | { name: 'pending'; since: number }
  | { name: 'firing'; since: number }
  /** It is well, but not for long enough yet. */
  | { name: 'clearing'; since: number; clearSince: number }
  | { name: 'resolved'; since: number; at: number }

/**
 * What an alert becomes by what was just found; `holdMs` is how long something must last before it counts, either way. Its subject
 * may be `gone`: taken out of the fleet, or in maintenance. What nobody knows changes nothing that was told.
 */
export function nextAlert(
  state: AlertState,
  reading: Reading | 'gone',
  now: number,
  holdMs: number,
): AlertState {
  switch (state.name) {
    case 'quiet':
    case 'resolved':
      return reading === 'firing' ? begun(now, now, holdMs) : state
    case 'pending':
      return reading === 'firing' ? begun(state.since, now, holdMs) : { name: 'quiet' }
    case 'firing':
      if (reading === 'gone') return { name: 'resolved', since: state.since, at: now }
      return reading === 'clear' ? ending(state.since, now, now, holdMs) : state
    case 'clearing':
      if (reading === 'gone') return { name: 'resolved', since: state.since, at: now }
      if (reading === 'clear') return ending(state.since, state.clearSince, now, holdMs)
      return reading === 'unknown' ? state : { name: 'firing', since: state.since }
  }
}

const begun = (since: number, now: number, holdMs: number): AlertState => ({
  name: now - since >= holdMs ? 'firing' : 'pending',
  since,
})

const ending = (since: number, clearSince: number, now: number, holdMs: number): AlertState =>
  now - clearSince >= holdMs ? { name: 'resolved', since, at: now } : { name: 'clearing', since, clearSince }

/** After a time in which nobody looked: it does not count. */
export function unwatched(state: AlertState, now: number): AlertState {
  if (state.name === 'pending') return { ...state, since: now }
  return state.name === 'clearing' ? { ...state, clearSince: now } : state
}
