import { expect, test } from 'vitest'
import { recentRate } from './recent-rate.ts'

test('the rate is that of the last ten whole seconds, and old amounts are forgotten', () => {
  const { saw, perSecond } = recentRate(10_000)
  expect(perSecond(0)).toBe(0)
  for (let second = 0; second < 20; second++) saw(100, second * 1000 + 500)
  expect(perSecond(20_000)).toBe(100)
  expect(perSecond(20_999)).toBe(100)
  expect(perSecond(25_000)).toBe(50)
  expect(perSecond(40_000)).toBe(0)
  saw(1, 90_000)
  expect(perSecond(91_000)).toBe(0.1)
})
