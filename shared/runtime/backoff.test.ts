import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const backoff = { firstMs: 500, longestMs: 8000 }

test.each([
  [1, 250, 500],
  [2, 500, 1000],
  [4, 2000, 4000],
  [5, 4000, 8000],
  [500, 4000, 8000],
])('after %i failures the wait lies between %i and %i ms', (failures, least, most) => {
  expect(backoffMs(failures, backoff, () => 0)).toBe(least)
  expect(backoffMs(failures, backoff, () => 1)).toBe(most)
})
