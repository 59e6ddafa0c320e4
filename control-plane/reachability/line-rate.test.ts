import { expect, test } from 'vitest'
import { rateOf } from './line-rate.ts'

const evenly = (bytesPerMs: number, untilMs: number, stepMs = 100) =>
  Array.from({ length: untilMs / stepMs }, (_, at) => ({
    at: (at + 1) * stepMs,
    bytes: (at + 1) * stepMs * bytesPerMs,
  }))

test.each<[string, ReturnType<typeof evenly>, number, number]>([
  ['a line of 20 Mbit/s, which fills the three seconds', evenly(2500, 3000), 3000, 20e6],
  ['a fast one, over before it has gathered pace', evenly(100_000, 80, 10), 80, 800e6],
  [
    'one that begins slowly',
    [
      { at: 250, bytes: 10_000 },
      { at: 500, bytes: 60_000 },
      { at: 1500, bytes: 2_560_000 },
    ],
    1500,
    20e6,
  ],
  ['one on which nothing came', [], 3000, 0],
  ['one that died after a first gulp', [{ at: 100, bytes: 50_000 }], 3000, 0],
])('%s', (_, arrived, milliseconds, rate) => {
  expect(rateOf(arrived, milliseconds)).toBe(rate)
})
