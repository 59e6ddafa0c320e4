import { expect, test } from 'vitest'
import { printable } from './printable.ts'

test.each([
  ['a colour', '\u001b[31mred', '\\u001b[31mred'],
  ['another line', 'one\ntwo\r', 'one\\u000atwo\\u000d'],
  ['an eight-bit escape', '\u009b2J', '\\u009b2J'],
  ['text turned round', 'a\u202eb', 'a\\u202eb'],
  ['names of every language', 'Jürgen 視頻 👨‍👩‍👧', 'Jürgen 視頻 👨‍👩‍👧'],
])('%s is shown and not obeyed', (_, text, shown) => {
  expect(printable(text)).toBe(shown)
  expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text })
})
