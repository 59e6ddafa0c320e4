import { expect, test } from 'vitest'
import { alignedColumns } from './aligned-columns.ts'

test('columns are as wide as their longest cell, and nothing hangs over at the end', () => {
  expect(
    alignedColumns([
      ['a', 'live', ''],
      ['Büro', 'x', 'open'],
    ]),
  ).toBe('a     live\nBüro  x     open')
  expect(alignedColumns([])).toBe('')
})
