import { expect, test } from 'vitest'
import { afterLostMemory, recordOfRun, wallTime } from './session-clock.ts'

const now = Date.parse('2026-01-01T00:01:00Z')
const birth = {
  session: 'sabcdefghijkl',
  previous: undefined,
  last: undefined,
  phase: 7.5,
  firstKeyFrame: 8.5,
  segmentSeconds: 2,
  ladder: ['v480'],
  now,
}

test('the first run begins a session: its first key frame is now', () => {
  const record = recordOfRun(birth)
  expect(record).toMatchObject({ run: 1, firstNumber: 0, discontinuitySequence: 0, phase: 7.5 })
  expect(record.startedAt).toBe('2026-01-01T00:01:00.000Z')
  expect(record.origin).toBe('2026-01-01T00:00:51.500Z')
  expect(wallTime(record, 8.5)).toBe('2026-01-01T00:01:00.000Z')
})

test('the next run takes the next numbers and breaks the clock once more', () => {
  const previous = recordOfRun(birth)
  const last = { number: 41, discontinuity: 0, endsAt: now + 84_000 }
  expect(recordOfRun({ ...birth, previous, last, phase: 1, now: now + 90_000 })).toMatchObject({
    startedAt: previous.startedAt,
    run: 2,
    firstNumber: 42,
    discontinuitySequence: 1,
  })
})

test('a run that left no segment is no discontinuity, but its number is used up', () => {
  const previous = recordOfRun(birth)
  expect(recordOfRun({ ...birth, previous })).toMatchObject({
    run: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
  })
})

test('a clock that was set back does not take the time of the session back', () => {
  const previous = recordOfRun(birth)
  const last = { number: 1, discontinuity: 0, endsAt: now + 4000 }
  const record = recordOfRun({ ...birth, previous, last, phase: 3, firstKeyFrame: 3, now: 0 })
  expect(wallTime(record, 3)).toBe('2026-01-01T00:01:04.000Z')
})

test('after memory was lost no number is used twice', () => {
  expect(afterLostMemory(recordOfRun(birth), now + 61_000)).toMatchObject({ number: 31 })
})

test('after memory was lost the time of the session does not go back', () => {
  const previous = recordOfRun(birth)
  const last = afterLostMemory(previous, now + 61_000)
  const record = recordOfRun({ ...birth, previous, last, phase: 3, firstKeyFrame: 3, now: 0 })
  expect(wallTime(record, 3)).toBe('2026-01-01T00:02:01.000Z')
})

test('a clock before the birth of a run cannot tell what it used', () => {
  expect(afterLostMemory(recordOfRun(birth), 0)).toBeUndefined()
})
