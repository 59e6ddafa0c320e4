import { expect, test } from 'vitest'
import {
  addFragment,
  type Cut,
  durationOf,
  type Fragment,
  leadSecondsOf,
  partSecondsOf,
  partsPerSegment,
  slotAt,
} from './part-grid.ts'

const grid = { phase: 10.5, segmentSeconds: 2, partSeconds: 1 / 3 }
const AAC_FRAME = 1024 / 48_000

test('a part closes with the frame that reaches its end', () => {
  const { open, closed } = cutAll(frames(10.5, 120, 1 / 30))
  expect(open).toBeUndefined()
  expect(closed.map(({ slot }) => slot)).toEqual([...Array(12).keys()])
  expect(closed.every(({ fragments }) => fragments.length === 10)).toBe(true)
})

test.each([
  [30, 333, 10, 6],
  [25, 333, 9, 6],
  [24, 333, 8, 6],
  [60, 333, 20, 6],
  [50, 333, 17, 6],
  [15, 333, 5, 6],
  [10, 333, 4, 5],
  [7, 333, 3, 5],
  [1, 333, 1, 2],
  [30, 200, 6, 10],
  [30, 1000, 30, 2],
])(
  'at %d frames a second parts of about %d ms are %d frames, %d to a segment',
  (frameRate, partMs, each, parts) => {
    const partSeconds = partSecondsOf({ segmentSeconds: 2, partMs, frameRate })
    expect(partSeconds).toBeCloseTo(each / frameRate, 9)
    expect(partsPerSegment({ segmentSeconds: 2, partSeconds })).toBe(parts)
    const { closed } = cutAll(frames(10.5, frameRate * 6, 1 / frameRate), { ...grid, partSeconds })
    const last = 2 * frameRate - (parts - 1) * each
    const segment = [...Array(parts - 1).fill(each), last]
    expect(closed.map(({ fragments }) => fragments.length)).toEqual([...segment, ...segment, ...segment])
  },
)

test('times that are rounded to the timescale stay in their parts', () => {
  const { closed } = cutAll(frames(10.5, 42, Math.round(90_000 / 7) / 90_000), {
    ...grid,
    partSeconds: 3 / 7,
  })
  expect(closed.map(({ fragments }) => fragments.length)).toEqual([
    3, 3, 3, 3, 2, 3, 3, 3, 3, 2, 3, 3, 3, 3, 2,
  ])
})

test('frames of sound go where they begin: no part is more than one of them away from the others, and none is less than 85 % of the longest', () => {
  const { closed } = cutAll(frames(10.503, 800, AAC_FRAME))
  const counts = closed.slice(1, -1).map(({ fragments }) => fragments.length)
  expect(new Set(counts)).toEqual(new Set([15, 16]))
  expect(15 / 16).toBeGreaterThan(0.85)
})

test('a frame that begins on the very edge of a part is not lost by the last digit of its time', () => {
  // Ticks of 1/48000 s: 1024·m of sound meet the edge of a part of 60 frames a second, a hair before its picture.
  const edged = { phase: 61 / 60 - 1 / 3, segmentSeconds: 1, partSeconds: 20 / 60 }
  const lost: number[] = []
  for (let first = 97_264; first < 97_264 + 1024; first += 4) {
    let published = -1
    let open: Cut | undefined
    for (let tick = first; tick < first + 200 * 1024; tick += 1024) {
      const [fragment] = frames(tick / 48_000, 1, AAC_FRAME)
      if (!fragment) continue
      if (slotAt(fragment.start, edged) <= published) lost.push(tick)
      const step = addFragment(open, fragment, edged)
      open = step.open
      published = step.closed.at(-1)?.slot ?? published
    }
  }
  expect(lost).toEqual([])
})

test('what begins before the grid is dropped', () => {
  const { closed } = cutAll(frames(9.5, 30, 0.1))
  expect(closed[0]?.fragments[0]?.start).toBeCloseTo(10.5)
})

test('a fragment behind a hole closes what was open', () => {
  const { open, closed } = cutAll([...frames(10.5, 5, 0.1), ...frames(14.6, 1, 0.1)])
  expect(closed.map(({ slot }) => slot)).toEqual([0, 1])
  expect(open).toMatchObject({ slot: 12 })
})

test('a fragment that runs backwards is dropped', () => {
  const { open } = cutAll([...frames(12.5, 3, 0.1), ...frames(11, 1, 0.1)])
  expect(open).toMatchObject({ slot: 6 })
  expect(open?.fragments).toHaveLength(3)
})

test.each([
  [2, 1 / 3, 4 / 3],
  [2, 1, 1],
  [1, 0.36, 0.36],
  [1, 0.5, 0],
  [6, 0.5, 5],
])(
  'of a first segment of %d s in parts of %f s so much lies before its key frame: %f',
  (segmentSeconds, partSeconds, lead) => {
    expect(leadSecondsOf({ segmentSeconds, partSeconds })).toBeCloseTo(lead)
  },
)

test.each([
  [2, 1 / 3, 2, 0],
  [2, 1 / 3, 1, 1],
  [2, 1 / 3, 1 / 3, 4 / 3],
  [2, 0.36, 1, 0],
  [6, 0.5, 2, 4],
])(
  'of a first segment of %d s in parts of %f s, with key frames %f s apart that nobody orders, so much lies before the first: %f',
  (segmentSeconds, partSeconds, keyFrameSeconds, lead) => {
    expect(leadSecondsOf({ segmentSeconds, partSeconds, keyFrameSeconds })).toBeCloseTo(lead)
  },
)

function cutAll(fragments: Fragment[], on = grid) {
  let open: Cut | undefined
  const closed: Cut[] = []
  for (const fragment of fragments) {
    const step = addFragment(open, fragment, on)
    open = step.open
    closed.push(...step.closed)
  }
  for (const cut of closed) expect(durationOf(cut.fragments)).toBeLessThan(on.partSeconds + 0.2)
  return { open, closed }
}

function frames(from: number, count: number, duration: number): Fragment[] {
  return Array.from({ length: count }, (_, at) => ({
    start: from + at * duration,
    duration,
    key: true,
    tick: 0,
    samples: [],
    data: Buffer.alloc(0),
  }))
}
