import { expect, test } from 'vitest'
import { firstBeatAfterMs, nextBeatDueAt } from './beat-schedule.ts'

test('newcomers come evenly over the time of one beat', () => {
  expect([0, 1, 2, 3].map((at) => firstBeatAfterMs(at, 4, 30_000))).toEqual([0, 7500, 15_000, 22_500])
})

test('the next beat is due a beat after the last was, give or take a fifth, however long the answer took', () => {
  expect([0, 0.5, 1].map((drawn) => Math.round(nextBeatDueAt(1000, 30_000, () => drawn)))).toEqual([
    25_000, 31_000, 37_000,
  ])
})
