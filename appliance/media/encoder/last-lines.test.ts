import { expect, test } from 'vitest'
import { keepLastLines } from './last-lines.ts'

test('lines are kept whole, however they come', () => {
  const last = keepLastLines()
  for (const piece of ['one\ntw', 'o\r', '\nthr', 'ee']) last.read(Buffer.from(piece))
  expect(last.lines()).toEqual(['one', 'two', 'three'])
})

test('a talkative process fills no memory', () => {
  const last = keepLastLines()
  for (let line = 0; line < 1000; line++) last.read(Buffer.from(`${line} ${'x'.repeat(10_000)}\n`))
  for (let piece = 0; piece < 1000; piece++) last.read(Buffer.from('y'.repeat(1000)))
  expect(last.lines().length).toBeLessThanOrEqual(201)
  expect(last.lines().every((line) => line.length <= 400)).toBe(true)
  expect(last.lines().at(-2)).toMatch(/^999 /)
})
