import { expect, test } from 'vitest'
import { type Found, type Reading, RULE_NAMES, RULES, readingOf, ruleInForce } from './alert-rules.ts'

test.each<[string, 'heat' | 'storage-forecast' | 'node-unreachable', Found, Reading]>([
  ['what is at the threshold fires', 'heat', 80, 'firing'],
  ['what is a little below it is neither', 'heat', 79.9, 'between'],
  ['what is a margin below it is neither', 'heat', 75, 'between'],
  ['what is more than a margin below it is well', 'heat', 74.9, 'clear'],
  ['fewer days than the threshold fire', 'storage-forecast', 2, 'firing'],
  ['a few more are neither', 'storage-forecast', 3.5, 'between'],
  ['many more are well', 'storage-forecast', 4.1, 'clear'],
  ['a disk that never fills is well', 'storage-forecast', Number.POSITIVE_INFINITY, 'clear'],
  ['yes fires', 'node-unreachable', true, 'firing'],
  ['no is well', 'node-unreachable', false, 'clear'],
  ['what nobody knows is not known', 'heat', undefined, 'unknown'],
])('%s', (_, rule, found, reading) => {
  expect(readingOf(rule, found, ruleInForce(rule))).toBe(reading)
})

test('an own threshold keeps its margin, and what is not chosen is as it comes', () => {
  const own = ruleInForce('heat', { enabled: true, threshold: 60 })
  expect(own).toEqual({ enabled: true, threshold: 60, forSeconds: 120 })
  expect([60, 56, 54].map((found) => readingOf('heat', found, own))).toEqual(['firing', 'between', 'clear'])
  expect(ruleInForce('stream-lost', { enabled: false, forSeconds: 5 })).toEqual({
    enabled: false,
    forSeconds: 5,
  })
})

test.each(RULE_NAMES)('%s is whole: it ends what it says, and can be over again', (name) => {
  const { words, says, threshold } = RULES[name]
  expect(words).toMatch(/[^.]\.$/)
  expect(says.join()).not.toContain('.')
  if (!threshold) return
  const { is, least, most, margin, worse } = threshold
  expect(is >= least && is <= most).toBe(true)
  if (worse === 'above') expect(least, 'zero is well').toBeGreaterThanOrEqual(Math.min(1, margin))
})
