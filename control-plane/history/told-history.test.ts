import { expect, test } from 'vitest'
import { formOf, stepOf } from './read-history.ts'
import { SERIES_NAMES } from './series.ts'
import { toldHistory } from './told-history.ts'

const HOUR = 3600
const NOW = 1_000_000_000

test.each([
  ['an hour', HOUR, 0, 'raw', 10],
  ['a day', 24 * HOUR, 0, 'minutes', 120],
  ['an hour of last week', HOUR, 7 * 24 * HOUR, 'minutes', 60],
  ['a week', 7 * 24 * HOUR, 0, 'quarters', 900],
  ['a month', 30 * 24 * HOUR, 0, 'quarters', 3600],
  ['a year', 365 * 24 * HOUR, 0, 'quarters', 42_300],
  ['an hour of last year', HOUR, 300 * 24 * HOUR, 'quarters', 900],
] as const)('%s is read as finely as it is kept and can be seen', (_, length, ago, form, step) => {
  const stretch = { from: NOW - ago - length, until: NOW - ago }
  expect(formOf(stretch, NOW)).toBe(form)
  expect(stepOf(stretch, form)).toBe(step)
})

test('numbers are as people read them, a gap is a time of its own, and what nobody measured is left out', () => {
  const point = (at: number, cpu: number) => ({ at, mean: [cpu], most: [cpu + 5] })
  const points = [point(0, 100), point(10, 105), point(20, 110), point(90, 300)]
  const told = toldHistory({ from: 0, until: 100, step: 10, points }, SERIES_NAMES)
  expect(told.times).toEqual([0, 10, 20, 30, 90])
  expect(told.series).toEqual([
    {
      name: 'cpu',
      words: 'CPU',
      unit: '%',
      mean: [10, 10.5, 11, null, 30],
      most: [10.5, 11, 11.5, null, 30.5],
    },
  ])
  expect(toldHistory({ from: 0, until: 100, step: 10, points }, ['memory']).series).toEqual([])
})
