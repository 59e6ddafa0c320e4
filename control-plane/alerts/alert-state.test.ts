import { expect, test } from 'vitest'
import { type AlertState, nextAlert, unwatched } from './alert-state.ts'

const HOLD = 60_000
const quiet = { name: 'quiet' } as const
const pending = { name: 'pending', since: 0 } as const
const firing = { name: 'firing', since: 0 } as const
const clearing = { name: 'clearing', since: 0, clearSince: 0 } as const
const resolved = { name: 'resolved', since: 0, at: 0 } as const

test.each<[string, AlertState, Parameters<typeof nextAlert>[1], number, AlertState]>([
  ['what begins to fire waits', quiet, 'firing', 5, { name: 'pending', since: 5 }],
  ['what is well stays quiet', quiet, 'clear', 5, quiet],
  ['what nobody knows stays quiet', quiet, 'unknown', 5, quiet],
  ['what fires on waits on', pending, 'firing', HOLD - 1, pending],
  ['what has fired for long enough is told', pending, 'firing', HOLD, firing],
  ['a pause begins the time anew', pending, 'between', HOLD, quiet],
  ['what nobody knows any more is not told', pending, 'unknown', HOLD, quiet],
  ['who is taken out before is not told', pending, 'gone', HOLD, quiet],
  ['what fires on is told once', firing, 'firing', 9 * HOLD, firing],
  ['what trembles below the threshold goes on', firing, 'between', 9 * HOLD, firing],
  ['what nobody knows goes on', firing, 'unknown', 9 * HOLD, firing],
  ['what is well is not over at once', firing, 'clear', 9, { ...clearing, clearSince: 9 }],
  ['who is taken out is over at once', firing, 'gone', 9, { name: 'resolved', since: 0, at: 9 }],
  ['what stays well waits for its end', clearing, 'clear', HOLD - 1, clearing],
  ['what has been well for long enough is over', clearing, 'clear', HOLD, { ...resolved, at: HOLD }],
  ['what fires again was never over', clearing, 'firing', 9, firing],
  ['what trembles again was never over', clearing, 'between', 9, firing],
  ['what nobody knows does not end', clearing, 'unknown', 9 * HOLD, clearing],
  ['who is taken out while it ends is over', clearing, 'gone', 9, { name: 'resolved', since: 0, at: 9 }],
  ['what was over may begin anew', resolved, 'firing', 9, { name: 'pending', since: 9 }],
])('%s', (_, state, reading, now, next) => {
  expect(nextAlert(state, reading, now, HOLD)).toEqual(next)
})

test('a rule that waits for nothing tells and ends at once', () => {
  expect(nextAlert(quiet, 'firing', 5, 0)).toEqual({ name: 'firing', since: 5 })
  expect(nextAlert(firing, 'clear', 5, 0)).toEqual({ name: 'resolved', since: 0, at: 5 })
})

test('the time in which nobody looked counts neither way', () => {
  expect(unwatched(pending, 9)).toEqual({ name: 'pending', since: 9 })
  expect(unwatched(clearing, 9)).toEqual({ ...clearing, clearSince: 9 })
  expect(unwatched(firing, 9)).toEqual(firing)
})
