import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tellOfAbsence } from './tell-of-absence.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 16, 2, 10) }))
afterEach(() => void vi.useRealTimers())

test('why a stream stands still is said with the time until which it is waited for, and then how long it was', () => {
  const { absence, notes } = start()
  absence.turned('live', true)
  absence.turned('waiting', false)
  vi.advanceTimersByTime(12_000)
  absence.turned('live', true)
  absence.turned('live', true)
  expect(notes).toEqual([
    'Its source left. The session waits for its source until 16:12:10 UTC.',
    'Its source left. The stream went on after 12 s.',
  ])
})

test('what media finds at its start has been waited for already', () => {
  const { absence, notes } = start()
  absence.takenUp(performance.now() - 60_000)
  expect(notes).toEqual([
    'Media of this node was started again. The session waits for its source until 16:11:10 UTC.',
  ])
})

test('a source that came without showing anything is waited for anew, and the time is told anew', () => {
  const { absence, notes } = start()
  absence.came()
  absence.turned('waiting', false)
  vi.advanceTimersByTime(9 * 60_000)
  absence.came()
  expect(notes).toEqual([
    'Its source left. The session waits for its source until 16:12:10 UTC.',
    'Its source left. The session waits for its source until 16:21:10 UTC.',
  ])
  vi.advanceTimersByTime(2000)
  absence.turned('live', true)
  expect(notes.at(-1)).toBe('Its source left. The stream went on after 542 s.')
})

test('a source that does not come back ends its stream', () => {
  const { absence, notes } = start()
  absence.turned('waiting', true)
  vi.advanceTimersByTime(600_000)
  absence.turned('ended', true)
  absence.turned('forgotten', true)
  expect(notes.slice(1)).toEqual([
    'Its source is connected, but nothing came of it, and the stream did not go on within 600 s: it has ended.',
  ])
})

function start() {
  const notes: string[] = []
  return { notes, absence: tellOfAbsence({ staleMs: 600_000, noted: (sentence) => notes.push(sentence) }) }
}
