import { expect, test } from 'vitest'
import { mediaPlaylist, placeOf } from '../packager/media-playlist.ts'
import { type TrackWindow, withPart, withSegmentClosed } from '../packager/track-window.ts'
import { endedText, filesIn, halfWay, isBehind, isOfParts, placeIn, shownText } from './copied-playlist.ts'
import { parseOriginPlaylist } from './origin-playlist.ts'

const rules = { listedSeconds: 20, segmentSeconds: 2 }
const PARTS = 6

/** A track as the packager has it after so many parts; the run breaks with the segments of these numbers. */
function trackAfter(parts: number, breaks: number[] = []): TrackWindow {
  let track: TrackWindow = {
    ...{ id: 'v480', kind: 'video', codecs: '', shapes: [], peakBitsPerSecond: 0, totalBytes: 0 },
    ...{ totalSeconds: 0, partTarget: 1 / 3, segments: [] },
  }
  for (let at = 0; at < parts; at++) {
    const number = 7 + Math.floor(at / PARTS)
    const run = 1 + breaks.filter((each) => number >= each).length
    const uri = `v480/${run}-${number}.m4s`
    const place = {
      ...{ number, run, discontinuity: run - 1, start: at / 3, uri, init: `v480/init-${run}.mp4` },
      at: new Date(Math.round(Date.parse('2026-01-01T00:00:00Z') + (at * 1000) / 3)).toISOString(),
    }
    const part = uri.replace('.m4s', `.${at % PARTS}.m4s`)
    track = withPart(track, place, { uri: part, duration: 1 / 3, bytes: 9, independent: at % PARTS === 0 })
    if (at % PARTS === PARTS - 1) track = withSegmentClosed(track, rules).track
  }
  return track
}

type Look = { skip?: boolean; ended?: boolean; lowLatency?: boolean; next?: string | undefined }

function textOf(track: TrackWindow, { skip = false, ended = false, lowLatency = true, next }: Look = {}) {
  const low = lowLatency ? { next, partHoldBack: 1 } : undefined
  return mediaPlaylist({ track, others: ['v480', 'audio'], rules, lowLatency: low, ended, skip })
}
const parsed = (...of: Parameters<typeof textOf>) => parseOriginPlaylist(textOf(...of), 'v480')
const LENGTHS = [1, 5, 6, 7, 35, 61, 80, 127]

test.each(LENGTHS)(
  'after %d parts a playlist is shown as it came, and skips what its origin skips',
  (parts) => {
    for (const breaks of [[], [9], [8, 15, 16]]) {
      const track = trackAfter(parts, breaks)
      const playlist = parsed(track, { next: 'v480/1-99.0.m4s' })
      const look = { from: 0, next: 'v480/1-99.0.m4s' }
      expect(shownText(playlist, { ...look, skip: false })).toBe(textOf(track, look))
      expect(shownText(playlist, { ...look, skip: true })).toBe(textOf(track, { ...look, skip: true }))
      expect(placeIn(playlist)).toEqual(placeOf(track))
    }
  },
)

test('of whole segments nothing is skipped', () => {
  const playlist = parsed(trackAfter(80), { lowLatency: false })
  expect(shownText(playlist, { from: 0, skip: true })).toBe(playlist.text)
  expect(playlist).toMatchObject({ canBlock: false, partTarget: undefined, growing: undefined })
})

test('what there was no room for is left out, and what begins then begins as a playlist does', () => {
  const whole = trackAfter(61, [11, 13])
  const [first, second] = [12, 13]
  for (const from of [first, second]) {
    const shorter = { ...whole, segments: whole.segments.filter(({ number }) => number >= from) }
    const playlist = parsed(whole)
    expect(shownText(playlist, { from, skip: false })).toBe(textOf(shorter))
    expect(shownText(playlist, { from, skip: true })).toBe(textOf(shorter, { skip: true }))
    expect(endedText(playlist, from)).toBe(textOf(shorter, { ended: true }))
  }
})

test('a session whose origin does not come back ends as the origin would have ended it, without what was begun', () => {
  const track = trackAfter(40, [10])
  const { growing: _, ...settled } = track
  expect(endedText(parsed(track, { next: 'v480/1-99.0.m4s' }), 0)).toBe(textOf(settled, { ended: true }))
  expect(parsed(settled, { ended: true }).ended).toBe(true)
})

test('all files of a playlist are known: inits, parts and segments, each once', () => {
  const track = trackAfter(20, [9])
  const files = filesIn(parsed(track), 0)
  expect(files).toHaveLength(new Set(files).size)
  expect(files.toSorted()).toEqual(
    [...track.segments, ...(track.growing ? [track.growing] : [])]
      .flatMap(({ uri, parts, number }) => [...parts.map((part) => part.uri), ...(number < 10 ? [uri] : [])])
      .concat('v480/init-1.mp4', 'v480/init-2.mp4')
      .toSorted(),
  )
  expect(filesIn(parsed(track), 9).join()).not.toMatch(/1-[78]/)
})

test('a segment that lists all of its parts is their bytes; one that lists none is fetched whole', () => {
  const { segments } = parsed(trackAfter(80))
  expect(segments.map(isOfParts)).toEqual([...Array(7).fill(false), true, true, true])
  const [last] = segments.slice(-1)
  expect(last && isOfParts({ ...last, parts: last.parts.slice(1) })).toBe(false)
})

test.each([
  ['the same', 20, 20, false],
  ['one part more', 21, 20, false],
  ['one part less', 20, 21, true],
  ['a segment less', 14, 20, true],
  ['nothing yet of the segment that grows', 18, 20, true],
])('a playlist with %s is told from one that is behind', (_, next, shown, expected) => {
  const hint = (parts: number) => ({ next: `v480/1-${7 + Math.floor(parts / PARTS)}.${parts % PARTS}.m4s` })
  expect(isBehind(parsed(trackAfter(next), hint(next)), parsed(trackAfter(shown), hint(shown)))).toBe(
    expected,
  )
})

test('an origin that lost what it had begun is not behind: nothing of it comes any more', () => {
  const { growing: _, ...lost } = trackAfter(20)
  expect(isBehind(parsed(lost), parsed(trackAfter(20), { next: 'v480/1-10.2.m4s' }))).toBe(false)
})

test('room is made half by half, down to one segment', () => {
  const playlist = parsed(trackAfter(60))
  const steps = [0]
  for (let at = halfWay([playlist], 0); at !== undefined; at = halfWay([playlist], at)) steps.push(at)
  expect(steps).toEqual([0, 12, 14, 15, 16])
  expect(halfWay([], 0)).toBeUndefined()
})
