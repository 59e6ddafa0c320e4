import { expect, test } from 'vitest'
import { elapsed } from './elapsed.ts'

const now = new Date('2026-11-20T12:00:00Z')

test.each([
  ['2026-11-20T12:00:05Z', '0 s'], // another machine's clock may run ahead of ours
  ['2026-11-20T11:59:01Z', '59 s'],
  ['2026-11-20T11:59:00Z', '1 min'],
  ['2026-11-20T11:00:01Z', '59 min'],
  ['2026-11-20T11:00:00Z', '1 h'],
  ['2026-11-18T12:00:01Z', '47 h'],
  ['2026-11-18T12:00:00Z', '2 days'],
])('%s was %s ago', (since, words) => {
  expect(elapsed(new Date(since), now)).toBe(words)
})
