import { expect, test } from 'vitest'
import type { Fragment } from './part-grid.ts'
import { placeFrames } from './place-frames.ts'

const TIMESCALE = 90_000

test.each([
  [30, 0],
  [30, 1021],
  [30, 16.5],
  [30, 17],
  [60, 8],
  [60, 3_600_013],
  [25, 20],
  [24, 5],
  [7, 500],
])(
  'frames at %d a second from %d ms on, told in whole milliseconds, are put on whole frames',
  (rate, offset) => {
    const placed = placeAll(rate, times(rate, offset, 500))
    const first = Math.round((Math.floor(offset) * rate) / 1000)
    const tick = (number: number) => Math.round(((first + number) * TIMESCALE) / rate)
    expect(placed.map((frame) => typeof frame === 'object' && frame.tick)).toEqual(
      placed.map((_, at) => tick(at)),
    )
    expect(placed.map((frame) => typeof frame === 'object' && frame.samples[0]?.duration)).toEqual(
      placed.map((_, at) => tick(at + 1) - tick(at)),
    )
    for (const frame of placed)
      if (typeof frame === 'object') expect(frame.start * TIMESCALE).toBeCloseTo(frame.tick, 3)
  },
)

test.each([30, 60, 25])('at %d frames a second one that is missing is missed at once', (rate) => {
  for (let offset = 0; offset < 40; offset++) {
    const placed = placeAll(rate, times(rate, offset, 20).toSpliced(10, 1))
    expect(placed.findIndex((frame) => typeof frame === 'string')).toBe(10)
    expect(placed[10]).toBe('a frame of the source is missing')
  }
})

test('a source that sends more frames than it says is found out within one of them', () => {
  const placed = placeAll(25, times(30, 0, 10))
  expect(placed.find((frame) => typeof frame === 'string')).toBe('the source sends more frames than it says')
})

test('a clock that is a thousandth too slow is a frame late at last', () => {
  const placed = placeAll(30, times(30_000 / 1001, 0, 1000))
  expect(placed.findIndex((frame) => typeof frame === 'string')).toBeGreaterThan(400)
})

test('frames that are reordered are not placed', () => {
  const [first] = frames([0])
  const [sample] = first?.samples ?? []
  if (!first || !sample) throw new Error('no frame')
  const reordered = { ...first, samples: [{ ...sample, compositionOffset: 3000 }] }
  expect(placeFrames(30)(reordered, TIMESCALE)).toMatch(/another order/)
})

test('key frames may leave out what picture they are of, but not change it', () => {
  const [none, one, other] = [[], [0x67, 66, 0, 30], [0x67, 77, 0, 30]]
  const placed = (...told: number[][]) => {
    const place = placeFrames(25)
    return frames([0, 40, 80, 120]).map((frame, at) => {
      const parameters = told[at] ?? []
      const data = Buffer.from([0, 0, 0, parameters.length, ...parameters])
      return place(parameters.length ? { ...frame, data } : frame, TIMESCALE)
    })
  }
  expect(placed(none, one, none, one).every((frame) => typeof frame === 'object')).toBe(true)
  expect(placed(one, none, one, other)[3]).toBe('the source sends another picture than it began with')
})

function placeAll(rate: number, at: number[]) {
  const place = placeFrames(rate)
  return frames(at).map((frame) => place(frame, TIMESCALE))
}

/** As RTMP tells them. */
function times(rate: number, offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, number) => Math.floor(offset + (number * 1000) / rate))
}

function frames(milliseconds: number[]): Fragment[] {
  return milliseconds.map((at, number) => {
    const duration = ((milliseconds[number + 1] ?? at) - at) * 90
    const samples = [{ duration, size: 1, flags: 0, compositionOffset: 0 }]
    return {
      start: at / 1000,
      tick: at * 90,
      duration: duration / 90_000,
      key: true,
      samples,
      data: Buffer.alloc(1),
    }
  })
}
