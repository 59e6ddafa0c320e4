import { expect, test } from 'vitest'
import { judgeAwaited, longestWaitMs } from './await-playlist.ts'

/** Segment 41 is whole and had six parts, two parts of 42 are there. */
const place = { closed: 41, closedParts: 6, growingParts: 2 }

test.each<[string, number, number | undefined, ReturnType<typeof judgeAwaited>]>([
  ['a whole segment that is there', 41, undefined, 'there'],
  ['a segment that grows', 42, undefined, 'wait'],
  ['the segment after the next', 43, undefined, 'wait'],
  ['a segment beyond', 44, undefined, 'too-far'],
  ['an old part', 40, 99, 'there'],
  ['a part of the last whole segment', 41, 5, 'there'],
  ['the part after its last, which is the first of the next', 41, 6, 'there'],
  ['a part that is there', 42, 1, 'there'],
  ['the part that comes next', 42, 2, 'wait'],
  ['a part that may come: three seconds ahead', 42, 10, 'wait'],
  ['a part too far ahead', 42, 11, 'too-far'],
  ['a part of the next segment', 43, 0, 'wait'],
  ['a part of a segment beyond', 44, 0, 'too-far'],
])('%s', (_, msn, part, verdict) => {
  expect(judgeAwaited({ msn, part }, place, 1 / 3)).toBe(verdict)
})

test('right after a segment has closed, the part after its last is waited for', () => {
  expect(judgeAwaited({ msn: 41, part: 6 }, { ...place, growingParts: 0 }, 1 / 3)).toBe('wait')
})

test('of parts of a second and more three may be waited for', () => {
  expect(judgeAwaited({ msn: 42, part: 4 }, place, 1)).toBe('wait')
  expect(judgeAwaited({ msn: 42, part: 5 }, place, 1)).toBe('too-far')
})

test('before the first segment is whole its parts can be waited for', () => {
  const born = { closed: -1, closedParts: 0, growingParts: 1 }
  expect(judgeAwaited({ msn: 0, part: 0 }, born, 1 / 3)).toBe('there')
  expect(judgeAwaited({ msn: 0, part: 1 }, born, 1 / 3)).toBe('wait')
})

test.each([
  [1 / 3, 2, 1280],
  [1 / 3, 1, 800],
  [1, 2, 2000],
  [0.5, 6, 2000],
])(
  'with parts of %d s and segments of %d s nobody waits longer than %d ms',
  (partTarget, targetDuration, ms) => {
    expect(longestWaitMs({ partTarget, targetDuration })).toBeCloseTo(ms)
  },
)
