import { expect, test } from 'vitest'
import { type Delay, isBehind, isLost, trueDelay } from './live-edge.ts'

const now = 1_800_000_000_000
const lowLatency: Delay = { behindEdge: 1, target: 1, segment: 2 }

test.each<[string, Delay, number]>([
  ['the age of the picture', { ...lowLatency, takenAt: now - 1500 }, 1.5],
  ['the distance to the edge, when no time is given', lowLatency, 1],
  ['the distance to the edge, when the clock here is behind', { ...lowLatency, takenAt: now + 60_000 }, 1],
  ['the distance to the edge, when the clock here is ahead', { ...lowLatency, takenAt: now - 60_000 }, 1],
])('the delay is %s', (_, delay, seconds) => {
  expect(trueDelay(delay, now)).toBeCloseTo(seconds)
})

test.each([
  ['at the edge', 1.4, false, false],
  ['at more than twice the target', 2.5, true, false],
  ['farther than hls.js makes good', 4.5, true, true],
])('%s: behind %d s', (_, behindEdge, behind, lost) => {
  const delay = { ...lowLatency, behindEdge }
  expect([isBehind(delay), isLost(delay)]).toEqual([behind, lost])
})

test('while the target is not known nobody is behind', () => {
  expect([isBehind({ behindEdge: 99 }), isLost({ behindEdge: 99 })]).toEqual([false, false])
})
