import { expect, test } from 'vitest'
import { RATE_FLAW, watchRate } from './watch-rate.ts'

const BYTES_PER_SECOND = 1000
const second = (times: number) => ({ data: Buffer.alloc(times * BYTES_PER_SECOND), duration: 1 })

function flawAfter(seconds: number[]): number {
  const watch = watchRate(8 * BYTES_PER_SECOND)
  return seconds.map((times) => watch(second(times))).indexOf(RATE_FLAW)
}

test.each([
  ['keeps to its rate', Array(100).fill(1), -1],
  ['sends twice its rate for ten seconds and is quiet again', [...Array(10).fill(2), 0, 1, 1], -1],
  ['sends twice its rate for longer', Array(100).fill(2), 10],
  ['sends a little too much for long', Array(1000).fill(1.25), 40],
  ['sends a hundred times its rate', [1, 1, 100], 2],
  ['was quiet for long and then sends twice its rate', [...Array(50).fill(0), ...Array(50).fill(2)], 60],
])('a source that %s is found out in time', (_, seconds, at) => {
  expect(flawAfter(seconds)).toBe(at)
})
