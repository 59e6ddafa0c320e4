import { expect, test } from 'vitest'
import {
  listedSegments,
  type TrackWindow,
  thinned,
  type WindowSegment,
  withPart,
  withSegmentClosed,
} from './track-window.ts'

const empty: TrackWindow = {
  id: 'v480',
  kind: 'video',
  codecs: 'avc1.64001f',
  shapes: [],
  peakBitsPerSecond: 0,
  totalBytes: 0,
  totalSeconds: 0,
  partTarget: 1,
  segments: [],
}
const rules = { listedSeconds: 6, segmentSeconds: 2 }

test('a file outlives its place in the playlist by the length of the playlist, then it is not needed', () => {
  const { track, unneeded } = fill(Array.from({ length: 9 }, (_, number) => segment({ number })))
  expect(listedSegments(track, rules).map(({ number }) => number)).toEqual([6, 7, 8])
  expect(track.segments.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8])
  expect(unneeded.filter((file) => !file.includes('.0.'))).toEqual(['v480/1-0.m4s', 'v480/1-1.m4s'])
})

test('short segments do not make a playlist cover less', () => {
  const { track } = fill([0, 1, 2, 3, 4, 5, 6, 7].map((number) => segment({ number, duration: 1 })))
  expect(listedSegments(track, rules).map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7])
})

test('parts are kept for twice as long as they are listed', () => {
  const { track, unneeded } = fill([0, 1, 2, 3, 4, 5, 6, 7].map((number) => segment({ number })))
  expect(track.segments.filter(({ parts }) => parts.length).map(({ number }) => number)).toEqual([
    2, 3, 4, 5, 6, 7,
  ])
  expect(unneeded).toContain('v480/1-1.0.m4s')
  expect(unneeded).not.toContain('v480/1-2.0.m4s')
})

test('an init segment goes with the last segment that needs it', () => {
  const old = [0, 1].map((number) => segment({ number, init: 'old' }))
  const { unneeded } = fill([
    ...old,
    ...[2, 3, 4, 5, 6, 7, 8].map((number) => segment({ number, init: 'new' })),
  ])
  expect(unneeded.filter((file) => !file.includes('.0.'))).toEqual(['v480/1-0.m4s', 'v480/1-1.m4s', 'old'])
})

test('the peak is the largest rate of a whole segment, the average that of all bytes', () => {
  const { track } = fill([
    segment({ number: 0, bytes: 250_000 }),
    segment({ number: 1, bytes: 500_000 }),
    segment({ number: 2, bytes: 250_000, duration: 0.5 }), // a tail, mostly key frame
  ])
  expect(track.peakBitsPerSecond).toBe(2_000_000)
  expect((track.totalBytes * 8) / track.totalSeconds).toBeCloseTo(1_777_778, -1)
})

test('when bytes must go the oldest segments of all tracks go, as many as it takes, but no live playlist becomes too short', () => {
  const wide = { listedSeconds: 20, segmentSeconds: 2 }
  const segments = Array.from({ length: 21 }, (_, number) => segment({ number, bytes: 10 }))
  const tracks = [{ ...empty, segments }]
  const left = (bytes: number) => thinned(tracks, bytes, wide).map(({ track }) => track.segments.length)
  expect([left(1), left(110), left(111), left(1e9)]).toEqual([[10], [10], [5], [3]])
  const [step] = thinned(tracks, 10, wide)
  expect(step?.unneeded).toContain(segments[10]?.uri)
  expect(step?.unneeded).not.toContain(step?.track.segments[0]?.uri)
})

/** Each segment as one part. */
function fill(segments: WindowSegment[]) {
  const unneeded: string[] = []
  let track = empty
  for (const { duration, bytes, ...place } of segments) {
    const uri = place.uri.replace('.m4s', '.0.m4s')
    const step = withSegmentClosed(withPart(track, place, { duration, bytes, uri, independent: true }), rules)
    track = step.track
    unneeded.push(...step.unneeded)
  }
  return { track, unneeded }
}

function segment(part: Partial<WindowSegment> & { number: number }): WindowSegment {
  return {
    run: 1,
    discontinuity: 0,
    start: part.number * 2,
    duration: 2,
    at: '2026-01-01T00:00:00.000Z',
    bytes: 1,
    uri: `v480/1-${part.number}.m4s`,
    init: 'init',
    parts: [],
    ...part,
  }
}
