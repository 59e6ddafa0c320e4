import { expect, test } from 'vitest'
import { mediaPlaylist } from './media-playlist.ts'
import type { WindowSegment } from './track-window.ts'

const segment: WindowSegment = {
  number: 7,
  run: 2,
  discontinuity: 1,
  start: 14,
  duration: 2,
  at: '2026-01-01T00:00:14.000Z',
  bytes: 1,
  uri: 'v480/2-7.m4s',
  init: 'v480/init-a.mp4',
}

test('a playlist names what a player needs and nothing relative to anything but itself', () => {
  expect(mediaPlaylist({ segments: [segment], segmentSeconds: 2, ended: false })).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-MAP:URI="v480/init-a.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14.000Z
#EXTINF:2.00000,
v480/2-7.m4s
`)
})

test('a new run is a discontinuity with its own map, also when the init segment is the same', () => {
  const next = { ...segment, number: 8, run: 3, discontinuity: 2, uri: 'v480/3-8.m4s' }
  const lines = linesOf([segment, next])
  expect(lines.slice(lines.indexOf('v480/2-7.m4s') + 1, -2)).toEqual([
    '#EXT-X-DISCONTINUITY',
    '#EXT-X-MAP:URI="v480/init-a.mp4"',
    '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14.000Z',
    '#EXTINF:2.00000,',
  ])
})

test('within a run the map is said once', () => {
  const lines = linesOf([segment, { ...segment, number: 8 }])
  expect(lines.filter((line) => line.startsWith('#EXT-X-MAP'))).toHaveLength(1)
  expect(lines).not.toContain('#EXT-X-DISCONTINUITY')
})

test('the discontinuities that left the window stay counted', () => {
  expect(linesOf([{ ...segment, discontinuity: 5 }])).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:5')
})

test('an ended session says so at its end', () => {
  expect(mediaPlaylist({ segments: [segment], segmentSeconds: 2, ended: true })).toMatch(
    /m4s\n#EXT-X-ENDLIST\n$/,
  )
})

function linesOf(segments: WindowSegment[]) {
  return mediaPlaylist({ segments, segmentSeconds: 2, ended: false }).split('\n')
}
