import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventLoopDelay } from './event-loop-delay.ts'

test('a process that always comes too late says so, until it is in time again', async () => {
  const delay = eventLoopDelay()
  await pause(510)
  expect(delay.isLate()).toBe(false)
  for (let round = 0; round < 4; round += 1) {
    const until = performance.now() + 300
    while (performance.now() < until);
    await pause(1)
  }
  expect(delay.isLate()).toBe(true)
  await pause(510)
  expect(delay.isLate()).toBe(false)
})

test('one long pause is not lateness', async () => {
  const delay = eventLoopDelay()
  const until = performance.now() + 300
  while (performance.now() < until);
  await pause(510)
  expect(delay.isLate()).toBe(false)
})
