import { expect, test } from 'vitest'
import { sizeForecast } from './size-forecast.ts'

test('a small history is foretold by what rows usually take, a large one by what they take here', () => {
  const none = sizeForecast([], 10)
  expect(none.bytes).toBe(0)
  expect(none.tables.map(({ filled }) => filled)).toEqual([
    570 * 1440 * 2 * 10,
    5200 * 24 * 30 * 10,
    18_400 * 730 * 10,
  ])
  const large = sizeForecast([{ table: 'metrics_raw', bytes: 2_000_000, rows: 2000 }], 10)
  expect(large.bytes).toBe(2_000_000)
  expect(large.tables[0]).toMatchObject({ perNodeDay: 1_440_000, filled: 28_800_000 })
  expect(large.filled - none.filled).toBe(430 * 1440 * 2 * 10)
})
