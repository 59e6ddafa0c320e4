import { expect, test } from 'vitest'
import { markdownTable, showMs, showRatio } from './markdown-table.ts'

test('a table is its head, a line below it, and its rows', () => {
  expect(markdownTable(['player', 'median'], [['a|b', '1 ms']])).toEqual([
    '| player | median |',
    '| --- | --- |',
    '| a\\|b | 1 ms |',
  ])
})

test('what was not measured is a dash', () => {
  expect(showMs(Number.NaN)).toBe('–')
  expect(showRatio(0 / 0)).toBe('–')
  expect(showMs(1419.4)).toBe('1419 ms')
})
