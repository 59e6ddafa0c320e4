import { expect, test } from 'vitest'
import { firstArrival } from './first-arrival.ts'

test('a first picture that had to wait is dated by those that caught up', () => {
  const first = firstArrival(40, 1000)
  expect(first.at()).toBe(1000)
  first.saw(73, 1001)
  first.saw(340, 1003) // 300 ms of media within 3
  first.saw(440, 1110)
  expect(first.at()).toBe(703)
})

test('who had to wait for the control plane and for one before him is dated too', () => {
  const first = firstArrival(40, 20_000)
  first.saw(8040, 20_010)
  expect(first.at()).toBe(12_010)
})

test('a clock that jumps, or wraps, dates nothing', () => {
  const first = firstArrival(40, 1000)
  first.saw(3_600_040, 1010)
  first.saw(0, 1040)
  expect(first.at()).toBe(1000)
})
