import { expect, test } from 'vitest'
import { addFragment, type Cut, durationOf, type Fragment } from './segmenter.ts'

const grid = { phase: 10.5, segmentSeconds: 2 }

test('a segment closes with the frame that reaches its end', () => {
  const { open, closed } = cutAll(frames(10.5, 120, 1 / 30))
  expect(open).toBeUndefined()
  expect(closed.map(({ index }) => index)).toEqual([0, 1])
  expect(closed.map((cut) => cut.fragments.length)).toEqual([60, 60])
})

test.each([
  ['24 frames a second', 1 / 24, 48],
  ['25', 1 / 25, 50],
  ['60', 1 / 60, 120],
  ['7, whose times are rounded to the timescale', Math.round(90_000 / 7) / 90_000, 14],
])('%s fill each segment', (_, duration, count) => {
  const { closed } = cutAll(frames(10.5, count * 3, duration))
  expect(closed.map((cut) => cut.fragments.length)).toEqual([count, count, count])
})

test('audio fragments go where they begin, so its segments are as long as video within one fragment', () => {
  const { closed } = cutAll(frames(10.53, 80, 5 * (1024 / 48_000)))
  expect(closed.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  for (const cut of closed) expect(Math.abs(durationOf(cut) - 2)).toBeLessThan(0.107)
})

test('what begins before the first key frame is dropped', () => {
  const { closed } = cutAll(frames(9.5, 30, 0.1))
  expect(closed[0]?.fragments[0]?.start).toBeCloseTo(10.5)
})

test('a fragment behind a hole closes what was open', () => {
  const { open, closed } = cutAll([...frames(10.5, 10, 0.1), ...frames(14.6, 1, 0.1)])
  expect(closed.map(({ index }) => index)).toEqual([0])
  expect(open).toMatchObject({ index: 2 })
})

test('a fragment that runs backwards is dropped', () => {
  const { open } = cutAll([...frames(12.5, 3, 0.1), ...frames(11, 1, 0.1)])
  expect(open).toMatchObject({ index: 1 })
  expect(open?.fragments).toHaveLength(3)
})

function cutAll(fragments: Fragment[]) {
  let open: Cut | undefined
  const closed: Cut[] = []
  for (const fragment of fragments) {
    const step = addFragment(open, fragment, grid)
    open = step.open
    closed.push(...step.closed)
  }
  return { open, closed }
}

function frames(from: number, count: number, duration: number): Fragment[] {
  return Array.from({ length: count }, (_, at) => ({
    start: from + at * duration,
    duration,
    key: true,
    bytes: [],
  }))
}
