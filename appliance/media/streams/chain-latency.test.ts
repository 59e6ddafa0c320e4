import { expect, test } from 'vitest'
import { chainLatency } from './chain-latency.ts'

test.each([
  ['on time', [0, 0, 0], 0],
  ['later and later', [0, 300, 700], 700],
  ['late at first, because its encoder had to start', [1500, 400, 0, 0], 0],
  ['late at first, and then behind again', [1500, 0, 800], 800],
  ['before its time, because it was dated late', [0, -900, -900], 0],
])('a run whose parts come out %s', (_, delays, latencyMs) => {
  const chain = chainLatency()
  for (const [at, delay] of delays.entries())
    chain.cameOut({ run: 1, endsAt: 1000 * at, now: 1000 * at + delay })
  expect(chain.ms()).toBe(latencyMs)
})

test('nothing is known before the first part, and each run counts for itself', () => {
  const chain = chainLatency()
  expect(chain.ms()).toBeUndefined()
  chain.cameOut({ run: 1, endsAt: 0, now: 0 })
  chain.cameOut({ run: 2, endsAt: 1000, now: 3000 })
  expect(chain.ms()).toBe(0)
})
