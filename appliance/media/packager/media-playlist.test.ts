import { expect, test } from 'vitest'
import { mediaPlaylist } from './media-playlist.ts'
import type { TrackWindow, WindowSegment } from './track-window.ts'

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
  parts: [part(7, 0, true), part(7, 1)],
}
const growing: WindowSegment = {
  ...segment,
  number: 8,
  uri: 'v480/2-8.m4s',
  at: '2026-01-01T00:00:16.000Z',
  duration: 1,
  parts: [part(8, 0, true)],
}

test('a low-latency playlist names what a player needs and nothing relative to anything but itself', () => {
  expect(playlistOf({ segments: [segment], growing })).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.000,CAN-SKIP-UNTIL=12.0
#EXT-X-PART-INF:PART-TARGET=1.00000
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-MAP:URI="v480/init-a.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14.000Z
#EXT-X-PART:DURATION=1.00000,URI="v480/2-7.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=1.00000,URI="v480/2-7.1.m4s"
#EXTINF:2.00000,
v480/2-7.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:16.000Z
#EXT-X-PART:DURATION=1.00000,URI="v480/2-8.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="v480/2-8.1.m4s"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=8,LAST-PART=0
`)
})

test('an ordinary playlist tells of whole segments only', () => {
  const text = playlistOf({ segments: [segment], growing }, { lowLatency: undefined })
  expect(text.split('\n').filter((line) => /PART|SERVER|PRELOAD|REPORT/.test(line))).toEqual([])
  expect(text).toMatch(/#EXT-X-VERSION:7\n[\s\S]*2-7\.m4s\n$/)
})

test('right after a segment has closed, the others are reported at its last part', () => {
  expect(playlistOf({ segments: [segment] })).toContain('LAST-MSN=7,LAST-PART=1')
})

test('a new run is a discontinuity with its own map, also when the init segment is the same', () => {
  const next = { ...segment, number: 8, run: 3, discontinuity: 2, uri: 'v480/3-8.m4s', parts: [] }
  const lines = linesOf({ segments: [segment, next] })
  const from = lines.indexOf('v480/2-7.m4s') + 1
  expect(lines.slice(from, from + 4)).toEqual([
    '#EXT-X-DISCONTINUITY',
    '#EXT-X-MAP:URI="v480/init-a.mp4"',
    '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14.000Z',
    '#EXTINF:2.00000,',
  ])
})

test('the first part of a new run stands behind its discontinuity', () => {
  const lines = linesOf({ segments: [segment], growing: { ...growing, discontinuity: 2 } })
  const from = lines.indexOf('v480/2-7.m4s') + 1
  expect(lines.slice(from, from + 2)).toEqual(['#EXT-X-DISCONTINUITY', '#EXT-X-MAP:URI="v480/init-a.mp4"'])
})

test('within a run the map is said once', () => {
  const lines = linesOf({ segments: [segment, { ...segment, number: 8 }] })
  expect(lines.filter((line) => line.startsWith('#EXT-X-MAP'))).toHaveLength(1)
  expect(lines).not.toContain('#EXT-X-DISCONTINUITY')
})

test('the discontinuities that left the window stay counted', () => {
  expect(linesOf({ segments: [{ ...segment, discontinuity: 5 }] })).toContain(
    '#EXT-X-DISCONTINUITY-SEQUENCE:5',
  )
})

test('parts are listed while they are less than three target durations from the end', () => {
  const text = playlistOf({ segments: [6, 7, 8, 9].map(numbered) })
  expect([6, 7, 8, 9].map((number) => text.includes(`2-${number}.0.m4s`))).toEqual([false, true, true, true])
})

test('a player that has seen the playlist lately is not told again what it has', () => {
  const segments = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(numbered)
  const text = playlistOf({ segments }, { skip: true })
  expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:1\n')
  expect(text).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n#EXT-X-PROGRAM-DATE-TIME')
  expect(text).not.toContain('2-3.m4s')
  expect(text).toContain('2-4.m4s')
})

test('while no run goes on nothing is promised', () => {
  expect(
    playlistOf({ segments: [segment] }, { lowLatency: { next: undefined, partHoldBack: 3 } }),
  ).not.toContain('HINT')
})

test('an ended session says so at its end', () => {
  expect(playlistOf({ segments: [segment] }, { ended: true })).toMatch(/m4s\n#EXT-X-ENDLIST\n$/)
})

function part(number: number, at: number, independent = false) {
  return { duration: 1, bytes: 1, independent, uri: `v480/2-${number}.${at}.m4s` }
}

function numbered(number: number): WindowSegment {
  return { ...segment, number, uri: `v480/2-${number}.m4s`, parts: [part(number, 0, true), part(number, 1)] }
}

type Said = Partial<Omit<Parameters<typeof mediaPlaylist>[0], 'track'>>

function playlistOf({ segments, growing }: Pick<TrackWindow, 'segments' | 'growing'>, said: Said = {}) {
  const track: TrackWindow = {
    id: 'v480',
    kind: 'video',
    codecs: 'avc1.64001f',
    shapes: [],
    peakBitsPerSecond: 0,
    totalBytes: 0,
    totalSeconds: 0,
    partTarget: 1,
    segments,
    ...(growing ? { growing } : {}),
  }
  return mediaPlaylist({
    track,
    others: ['v480', 'audio'],
    rules: { listedSeconds: 20, segmentSeconds: 2 },
    lowLatency: { next: 'v480/2-8.1.m4s', partHoldBack: 3 },
    ended: false,
    ...said,
  })
}

function linesOf(track: Pick<TrackWindow, 'segments' | 'growing'>) {
  return playlistOf(track).split('\n')
}
