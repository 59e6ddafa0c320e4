import { expect, test } from 'vitest'
import { planLadder, rungFor } from '../ladder/ladder-plan.ts'
import { type Box, budgetOf, describeBox, type Present, roomFor, sparePixels } from './encoding-budget.ts'
import type { VideoEncoder } from './video-encoders.ts'

const box: Box = {
  machine: { ffmpeg: '5.1.9', cpu: 'a processor', cores: 2 },
  measuredAt: '2026-01-01T00:00:00Z',
  speeds: [{ encoder: 'libx264', pixelsPerSecond: 200e6 }],
  unusable: [{ encoder: 'h264_vaapi', why: 'No VA display found' }],
}
const fast: Box = { ...box, speeds: [...box.speeds, { encoder: 'h264_vaapi', pixelsPerSecond: 900e6 }] }

test.each([
  ['measured', box, 'libx264', 150e6],
  ['measured with hardware', fast, 'h264_vaapi', 675e6],
  ['not measured', undefined, 'libx264', 75e6],
])('the budget of a machine that is %s', (_, measured, encoder, pixelsPerSecond) => {
  expect(budgetOf(measured, 2)).toEqual({ encoder, pixelsPerSecond })
})

test('an encoder that has failed since is not relied on', () => {
  expect(budgetOf(fast, 2, new Set(['h264_vaapi']))).toEqual(budgetOf(box, 2))
})

const ladderOf = (height: number) => {
  const source = { width: (height * 16) / 9, height, frameRate: 30, audio: true }
  return planLadder(source).map((id) => rungFor(id, source))
}

test('a node takes streams until nothing worth watching is left for another, and then says so', () => {
  const budget = budgetOf(box, 2)
  const present = Array.from({ length: 20 }, () => ladderOf(720))
  const accepted = present.findIndex((_, at) => roomFor(budget, present.slice(0, at), undefined))
  expect(accepted).toBe(3)
  expect(roomFor(budget, present.slice(0, 3), undefined)?.body()).toEqual({
    code: 'node-full',
    message:
      'This node is full: beside 3 streams 0 of 150 megapixels a second are left, and 480p takes 13. Stop one.',
  })
})

test('a stream that only begins keeps its place, however many ask at once', () => {
  const budget = budgetOf(box, 2)
  expect(roomFor(budget, [{}, {}], undefined)).toBeUndefined()
  expect(roomFor(budget, [{}, {}, {}], undefined)?.body()).toEqual({
    code: 'node-full',
    message:
      'This node is full: beside 3 streams 0 of 150 megapixels a second are left, and 480p takes 13. What 3 of them will take is known only in some seconds. Stop one.',
    retry_after: 20,
  })
})

test('an order counts for the most that its qualities can cost, and one whose source is away for the least', () => {
  const budget = { encoder: 'libx264', pixelsPerSecond: 100e6 } as const
  const left = (present: Present) => Math.round(sparePixels(budget, [present]) / 1e6)
  expect(left({})).toBe(50)
  expect(left({ qualities: ['240p'] })).toBe(97)
  expect(left({ qualities: ['1080p', '240p'] })).toBe(35)
  expect(left({ isAway: true })).toBe(97)
  expect(left({ qualities: ['1080p', '720p'], isAway: true })).toBe(72)
})

test('who orders less is told of less', () => {
  const budget = { encoder: 'libx264', pixelsPerSecond: 30e6 } as const
  const present: Present[] = [{ qualities: ['720p'], isAway: true }]
  expect(roomFor({ ...budget, pixelsPerSecond: 34e6 }, present, ['1080p', '240p'])).toBeUndefined()
  expect(roomFor({ ...budget, pixelsPerSecond: 34e6 }, present, undefined)?.message).toBe(
    'This node is full: beside one stream 6 of 34 megapixels a second are left, and 480p takes 13. Stop one, or order smaller qualities.',
  )
  expect(roomFor(budget, present, ['240p'])?.message).toBe(
    'This node is full: beside one stream 2 of 30 megapixels a second are left, and 240p takes 4. Stop one.',
  )
})

test('a node that is too slow for anything still tries one stream', () => {
  const slow = { encoder: 'libx264', pixelsPerSecond: 1 } as const
  expect(roomFor(slow, [], undefined)).toBeUndefined()
  expect(roomFor(slow, [{}], undefined)?.message).toMatch(/beside one stream 0 of 0/)
})

test('what is left is what is not encoded', () => {
  expect(sparePixels(budgetOf(box, 2), [ladderOf(720)])).toBeCloseTo(150e6 - 49.9e6, -6)
  expect(sparePixels({ encoder: 'libx264', pixelsPerSecond: 1 }, [ladderOf(720)])).toBe(0)
})

test.each<[Box, Set<VideoEncoder> | undefined, string]>([
  [
    box,
    undefined,
    'This node encodes 150 megapixels a second in real time with libx264: of a 1080p30 source 1080p, 720p, 480p, 360p, 240p. It has no hardware encoder that works.',
  ],
  [
    fast,
    undefined,
    'This node encodes 675 megapixels a second in real time with h264_vaapi: of a 1080p30 source 1080p, 720p, 480p, 360p, 240p. Its hardware encoders are h264_vaapi.',
  ],
  [
    fast,
    new Set(['h264_vaapi']),
    'This node encodes 150 megapixels a second in real time with libx264: of a 1080p30 source 1080p, 720p, 480p, 360p, 240p. Its hardware encoders are h264_vaapi. Failed since, and not used: h264_vaapi.',
  ],
])('what was measured, and what has failed since, is said in words', (measured, failed, words) => {
  expect(describeBox(measured, failed)).toBe(words)
})
