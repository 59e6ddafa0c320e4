import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { repeat, sleep } from './repeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a task that fails is reported and comes again', async () => {
  const stopping = new AbortController()
  const report = vi.fn()
  const task = vi.fn(async () => Promise.reject(new Error('away')))
  const loop = repeat(1000, task, stopping.signal, report)
  await vi.advanceTimersByTimeAsync(2500)
  expect(task).toHaveBeenCalledTimes(3)
  expect(report).toHaveBeenCalledTimes(3)
  stopping.abort()
  await loop
})

test('runs do not overlap, however long one takes', async () => {
  const stopping = new AbortController()
  let running = 0
  let most = 0
  const loop = repeat(
    10,
    async () => {
      most = Math.max(most, ++running)
      await sleep(500)
      running--
    },
    stopping.signal,
    () => {},
  )
  await vi.advanceTimersByTimeAsync(2000)
  expect(most).toBe(1)
  stopping.abort()
  await vi.advanceTimersByTimeAsync(500)
  await loop
})

test('a wait ends at once when it is called off', async () => {
  const stopping = new AbortController()
  const waiting = sleep(60_000, stopping.signal)
  stopping.abort()
  await waiting
  await sleep(60_000, stopping.signal)
})
