import { expect, test } from 'vitest'
import { refusalLimit } from './refusal-limit.ts'

test('the limit holds for its time, per household, and is forgotten after it', () => {
  let time = 0
  const limit = refusalLimit({ refusals: 2, perMs: 1000, now: () => time })
  limit.refused('2a01:1:2:3::1')
  expect(limit.reached('2a01:1:2:3::1')).toBe(false)
  limit.refused('2a01:1:2:3:ffff::9')
  expect(limit.reached('2a01:1:2:3::77')).toBe(true)
  expect(limit.reached('2a01:1:2:4::1')).toBe(false)
  time = 1000
  expect(limit.reached('2a01:1:2:3::1')).toBe(false)
})

test('a refusal taken back does not count', () => {
  const limit = refusalLimit({ refusals: 1, perMs: 1000, now: () => 0 })
  limit.refused('a')
  limit.forgive('a')
  expect(limit.reached('a')).toBe(false)
})

test('a flood of addresses does not fill the memory', () => {
  const limit = refusalLimit({ refusals: 1, perMs: 1000, now: () => 0 })
  for (let i = 0; i < 10_001; i++) limit.refused(`address-${i}`)
  expect([limit.reached('address-0'), limit.reached('address-1')]).toEqual([false, true])
})
