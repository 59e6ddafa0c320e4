import { expect, test } from 'vitest'
import { daysUntilFull, storageForecasts } from './storage-forecast.ts'

const HOUR = 3_600_000
const at = (hours: number, usedBytes: number) => ({ at: hours * HOUR, usedBytes })

test.each([
  ['fills by a tenth a day', at(0, 500), at(24, 600), 4],
  ['fills by as much in an hour', at(0, 500), at(1, 600), 4 / 24],
  ['is full', at(0, 500), at(2, 1000), 0],
  ['does not fill', at(0, 500), at(24, 500), Number.POSITIVE_INFINITY],
  ['was emptied', at(0, 500), at(24, 100), Number.POSITIVE_INFINITY],
])('a disk that %s', (_, before, now, days) => {
  expect(daysUntilFull(before, now, 1000)).toBeCloseTo(days, 6)
})

test('of less than an hour nothing is said', () => {
  expect(daysUntilFull(at(0, 500), at(0.9, 900), 1000)).toBeUndefined()
})

test('a forecast looks back half a day to a whole one', () => {
  const forecast = storageForecasts()
  const days = (hours: number, used: number) => forecast('a /', at(hours, used), 1000)
  expect(days(0, 0)).toBeUndefined()
  expect(days(6, 100)).toBeCloseTo(900 / 400, 6)
  expect(days(12, 400), 'since the beginning').toBeCloseTo(600 / 800, 6)
  expect(days(24, 400), 'since noon').toBe(Number.POSITIVE_INFINITY)
  expect(days(36, 500), 'since midnight').toBeCloseTo(500 / 200, 6)
})

test('a node that comes back after days is measured anew', () => {
  const forecast = storageForecasts()
  forecast('a /', at(0, 0), 1000)
  expect(forecast('a /', at(100, 900), 1000)).toBeUndefined()
  expect(forecast('a /', at(101, 900), 1000)).toBe(Number.POSITIVE_INFINITY)
})
