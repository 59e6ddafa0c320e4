import { expect, test } from 'vitest'
import { describeViewing } from './shown-frames.ts'

const frame = (shownAt: number, latency = 1400) => ({ shownAt, paintedAt: shownAt - latency })

test('a steady picture has its latency and no stall', () => {
  const frames = Array.from({ length: 30 }, (_, at) => frame(at * 33, 1400 + at))
  expect(describeViewing(frames, 0, 990)).toEqual({
    medianMs: 1414,
    p95Ms: 1428,
    longestMs: 1429,
    stalls: 0,
    longestGapMs: 33,
    frames: 30,
    unread: 0,
  })
})

test('a picture that stands still for more than a quarter of a second is a stall, also at the end', () => {
  expect(describeViewing([frame(100), frame(350), frame(601)], 0, 700).stalls).toBe(1)
  expect(describeViewing([frame(100)], 0, 700)).toMatchObject({ stalls: 1, longestGapMs: 600 })
  expect(describeViewing([], 0, 700)).toMatchObject({ stalls: 1, frames: 0, medianMs: Number.NaN })
})

test('a frame that cannot be read was shown all the same', () => {
  expect(describeViewing([frame(100), { shownAt: 200 }, frame(300)], 100, 300)).toMatchObject({
    stalls: 0,
    frames: 3,
    unread: 1,
    medianMs: 1400,
  })
})
