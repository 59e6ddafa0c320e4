import { expect, test, vi } from 'vitest'
import type { Size } from '../ingest/coded-size.ts'
import type { Publisher } from '../ingest/rtmp-stat.ts'
import { probeSource, wholeFrameRate } from './probe-source.ts'

const publisher: Publisher = {
  app: 'stream',
  name: 'cam',
  clientId: '1',
  bytesIn: 1,
  video: { width: 854, height: 480, frameRate: 30, isDoubtful: false },
  audio: true,
}
const NEVER = new AbortController().signal
const size = { width: 854, height: 480, frameRate: 30 }

test('the source is known as soon as its picture and its sound are', async () => {
  const looks = [undefined, { ...publisher, video: undefined }, publisher]
  expect(await probe(async () => looks.shift())).toEqual({ ...size, audio: true })
})

test('sound that comes a little later is waited for, sound that does not come is not', async () => {
  const looks = [{ ...publisher, audio: false }]
  expect(await probe(async () => looks.shift() ?? publisher)).toEqual({ ...size, audio: true })
  expect(await probe(async () => ({ ...publisher, audio: false }))).toEqual({ ...size, audio: false })
})

test('a size that is in doubt is awaited from the picture itself, but not for ever', async () => {
  vi.useFakeTimers()
  const doubtful = { ...publisher, video: { ...size, height: 472, isDoubtful: true } }
  const codes = [undefined, undefined, { width: 854, height: 480 }]
  const [exact, told] = [
    probe(
      async () => doubtful,
      () => codes.shift(),
    ),
    probe(async () => doubtful),
  ]
  await vi.advanceTimersByTimeAsync(16_000)
  expect(await exact).toEqual({ ...size, audio: true })
  expect(await told).toEqual({ ...size, height: 472, audio: true })
  vi.useRealTimers()
})

test('a publisher that leaves ends the probe; a look that fails does not', async () => {
  const leaving = new AbortController()
  let looks = 0
  const probing = probeSource({
    look: async () => {
      if (++looks === 3) leaving.abort()
      throw new Error('nginx-rtmp is away')
    },
    coded: () => undefined,
    pictureless: () => {},
    signal: leaving.signal,
  })
  expect(await probing).toBeUndefined()
  expect(looks).toBe(3)
})

test('a publisher without a picture is told of once, and looked at more rarely', async () => {
  vi.useFakeTimers()
  const leaving = new AbortController()
  const told: string[] = []
  let looks = 0
  const probing = probeSource({
    look: async () => ({ ...publisher, bytesIn: ++looks, video: undefined }),
    coded: () => undefined,
    pictureless: () => told.push(`after ${looks} looks`),
    signal: leaving.signal,
  })
  await vi.advanceTimersByTimeAsync(60_000)
  leaving.abort()
  await probing
  vi.useRealTimers()
  expect(told).toEqual(['after 151 looks'])
  expect(looks).toBe(151 + 45)
})

test.each([
  [0, 30],
  [Number.NaN, 30],
  [90_000, 30],
  [29.97, 30],
  [29, 30],
  [23, 24],
  [59, 60],
  [28, 28],
  [15, 15],
  [23.976, 24],
  [25, 25],
  [59.94, 60],
  [144, 60],
])('a frame rate of %d is encoded as %d', (told, whole) => {
  expect(wholeFrameRate(told)).toBe(whole)
})

function probe(look: () => Promise<Publisher | undefined>, coded = (): Size | undefined => undefined) {
  return probeSource({ look, coded, pictureless: () => {}, signal: NEVER })
}
