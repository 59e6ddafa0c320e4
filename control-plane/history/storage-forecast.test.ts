import { expect, test } from 'vitest'
import { daysUntilFull } from './storage-forecast.ts'

const DAY = 86_400
const days = (count: number) => Array.from({ length: count }, (_, day) => day * DAY)

test('a disk that gains five percent a day from 50 is full in ten days, seen from its first day', () => {
  const times = days(5)
  expect(
    daysUntilFull(
      times,
      times.map((_, day) => 50 + 5 * day),
    ),
  ).toBeCloseTo(6)
})

test('single days that are out of line do not turn the forecast round', () => {
  const times = days(10)
  const shares = times.map((_, day) => 40 + 2 * day + (day % 2 ? 3 : -3))
  expect(daysUntilFull(times, shares)).toBeGreaterThan(15)
  expect(daysUntilFull(times, shares)).toBeLessThan(26)
})

test.each([
  ['it empties', days(5), [80, 70, 60, 50, 40]],
  ['it stays', days(5), [80, 80, 80, 80, 80]],
  ['it fills in more than ten years', days(5), [1, 1.001, 1.002, 1.003, 1.004]],
  ['less than a day is known', [0, 3600, 7200], [10, 50, 90]],
  ['nothing is known', [0, DAY], [null, null]],
])('nothing is foretold when %s', (_, times, shares) => {
  expect(daysUntilFull(times, shares)).toBeUndefined()
})

test('what is over the brim is full now', () => {
  expect(daysUntilFull(days(3), [80, 95, 110])).toBe(0)
})
