import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { waiters } from '../packager/waiters.ts'
import { waitFor } from './wait-for.ts'

test('whoever waited in vain leaves nothing behind, though nothing comes', async () => {
  const { next: more } = waiters()
  const waited = (times: number) =>
    Promise.all(Array.from({ length: times }, () => waitFor({ more, there: () => false, longestMs: 1 })))
  await waited(1000)
  const before = usedBytes()
  for (let round = 0; round < 10; round++) await waited(1000)
  // One that stays behind holds 1300 bytes; the heap itself wavers by some 50 for each.
  expect((usedBytes() - before) / 10_000).toBeLessThan(300)
})

test('who waits is woken by each change, and has come to the end when it is what he waits for', async () => {
  vi.useFakeTimers()
  const { next: more, wake } = waiters()
  let count = 0
  const there = vi.fn(() => count === 2)
  const waiting = waitFor({ more, there, longestMs: 2000 })
  for (; count < 2; wake()) {
    await vi.advanceTimersByTimeAsync(500)
    count += 1
  }
  await waiting
  expect([there.mock.calls.length, vi.getTimerCount()]).toEqual([3, 0])
  vi.useRealTimers()
})

function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
