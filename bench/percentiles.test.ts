import { expect, test } from 'vitest'
import { median, percentile } from './percentiles.ts'

test('a percentile is one of the values, by nearest rank, in whatever order they came', () => {
  const values = [50, 15, 40, 20, 35]
  expect(percentile(values, 0.05)).toBe(15)
  expect(percentile(values, 0.4)).toBe(20)
  expect(percentile(values, 0.95)).toBe(50)
  expect(percentile(values, 1)).toBe(50)
  expect(median(values)).toBe(35)
  expect(values[0]).toBe(50)
})

test('of one value all percentiles are that value; of none there are none', () => {
  expect(percentile([7], 0)).toBe(7)
  expect(percentile([7], 0.99)).toBe(7)
  expect(median([])).toBeNaN()
})
