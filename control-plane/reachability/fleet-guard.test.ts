import { expect, test } from 'vitest'
import { mayFall } from './fleet-guard.ts'

test.each([
  ['the only node', 1, 1, true],
  ['both nodes of two', 2, 2, true],
  ['one of three', 3, 1, true],
  ['two of three', 3, 2, true],
  ['all of three, the third after the others', 3, 3, false],
  ['three of six', 6, 3, false],
  ['three of seven', 7, 3, true],
  ['a tenth of a large fleet', 10_000, 1000, true],
  ['half of a large fleet', 10_000, 5000, false],
])('when %s fail, a node falls: or not', (_, lately, failing, falls) => {
  expect(mayFall({ lately, failing })).toBe(falls)
})
