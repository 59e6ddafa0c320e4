import { expect, test } from 'vitest'
import { planPartitions } from './kept-tables.ts'

const DAY = 86_400

test('a new table gets a place for today and the next two days', () => {
  expect(planPartitions('metrics_raw', [0], 100.5 * DAY)).toEqual({
    add: [101 * 1440, 102 * 1440, 103 * 1440],
    drop: [0],
  })
})

test('a day later one more, and nothing twice', () => {
  const bounds = [101, 102, 103].map((day) => day * 1440)
  expect(planPartitions('metrics_raw', bounds, 100.6 * DAY)).toEqual({ add: [], drop: [] })
  expect(planPartitions('metrics_raw', bounds, 101.1 * DAY)).toEqual({ add: [104 * 1440], drop: [] })
})

test('what ended two days ago is dropped, what ended just less is not', () => {
  const bounds = [101, 102, 103, 104, 105].map((day) => day * 1440)
  expect(planPartitions('metrics_raw', bounds, 103 * DAY - 60).drop).toEqual([])
  expect(planPartitions('metrics_raw', bounds, 103 * DAY).drop).toEqual([101 * 1440])
})

test('after a year of silence the old ones go, and the new ones come first', () => {
  const { add, drop } = planPartitions('metrics_minutes', [24, 48, 72], 400.5 * DAY)
  expect(add).toEqual([401 * 24, 402 * 24, 403 * 24])
  expect(drop).toEqual([24, 48, 72])
})

test('quarters are kept by thirty days, for two years', () => {
  const { add } = planPartitions('metrics_quarters', [0], 1000.5 * DAY)
  expect(add).toEqual([1020, 1050, 1080])
  expect(planPartitions('metrics_quarters', [240, 270, 300, 1080], 1000.5 * DAY).drop).toEqual([240, 270])
})
