import { expect, test } from 'vitest'
import { nextSession, type SessionEvent, type SessionState } from './session-state.ts'

const rules = { silentMs: 6000, staleMs: 60_000 }
const step = (state: SessionState, event: SessionEvent, now: number) =>
  nextSession(state, event, { now, rules })
const live: SessionState = { name: 'live', segmentAt: 0 }
const waiting: SessionState = { name: 'waiting', since: 0 }
const ended: SessionState = { name: 'ended', at: 0 }

test.each<[string, SessionState, SessionEvent, number, string, string]>([
  ['is open from its first segment', { name: 'starting' }, 'segment', 0, 'live', 'open'],
  ['that never had one leaves nothing', { name: 'starting' }, 'left', 0, 'forgotten', 'remove'],
  ['may take long to start', { name: 'starting' }, 'tick', 999_999, 'starting', 'none'],
  ['is told anew with each segment', live, 'segment', 2000, 'live', 'open'],
  ['is live between segments', live, 'tick', 5999, 'live', 'none'],
  ['that is silent for three segments is closed', live, 'tick', 6000, 'waiting', 'close'],
  ['whose publisher leaves is closed at once', live, 'left', 1, 'waiting', 'close'],
  ['waits for its publisher', waiting, 'tick', 59_999, 'waiting', 'none'],
  ['is open again when segments come', waiting, 'segment', 59_999, 'live', 'open'],
  ['waits no longer than it may', waiting, 'tick', 60_000, 'ended', 'end'],
  ['that has ended stays readable', ended, 'tick', 59_999, 'ended', 'none'],
  ['that has ended never comes back', ended, 'segment', 1, 'ended', 'none'],
  ['is removed at last', ended, 'tick', 60_000, 'forgotten', 'remove'],
  ['is removed once', { name: 'forgotten' }, 'tick', 999_999, 'forgotten', 'none'],
])('a session %s', (_, state, event, now, name, action) => {
  const [next, done] = step(state, event, now)
  expect([next.name, done]).toEqual([name, action])
})

test('a session that media left open is open until its source has had the time to go on', () => {
  const open: SessionState = { name: 'waiting', since: 0, isOpen: true }
  expect(step(open, 'tick', 5999)).toEqual([open, 'none'])
  expect(step(open, 'tick', 6000)).toEqual([waiting, 'close'])
  expect(step(open, 'left', 1)).toEqual([waiting, 'close'])
  const [back] = step(open, 'came', 5000)
  expect(step(back, 'tick', 10_999)[1]).toBe('none')
  expect(step(back, 'tick', 11_000)).toEqual([{ name: 'waiting', since: 5000 }, 'close'])
})

test('a session whose publisher is back in time does not end before he could show anything', () => {
  const [back] = step(waiting, 'came', 59_999)
  expect(step(back, 'tick', 119_998)).toEqual([back, 'none'])
  expect(step(back, 'tick', 119_999)[1]).toBe('end')
})

test('what counts for silence is the last segment', () => {
  const [later] = step(live, 'segment', 5000)
  expect(step(later, 'tick', 10_999)[1]).toBe('none')
  expect(step(later, 'tick', 11_000)[1]).toBe('close')
})
