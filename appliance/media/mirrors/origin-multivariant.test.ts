import { expect, test } from 'vitest'
import { audioOf, multivariantPlaylist, renditionsOf } from '../packager/multivariant-playlist.ts'
import type { TrackWindow } from '../packager/track-window.ts'
import { OtherSession, parseOriginMultivariant } from './origin-multivariant.ts'
import { NoPlaylist } from './origin-playlist.ts'

const session = 'saaaaaaaaaaaa'
const track = (id: string, changes: Partial<TrackWindow>): TrackWindow => ({
  ...{ id, kind: 'video', codecs: 'avc1.64001f', shapes: [], peakBitsPerSecond: 900_000, totalBytes: 1e6 },
  ...{ totalSeconds: 10, partTarget: 1 / 3, segments: [] },
  ...changes,
})
const audio = track('audio', { kind: 'audio', codecs: 'mp4a.40.2', peakBitsPerSecond: 130_000 })
const pictures = [
  track('v720', { width: 1280, height: 720, frameRate: 25, peakBitsPerSecond: 2e6 }),
  track('v360', { width: 640, height: 360, frameRate: 25 }),
]

test.each([
  ['with sound', [...pictures, audio]],
  ['without', pictures],
])('what the origin tells of its renditions is told again: %s', (_, tracks) => {
  const text = multivariantPlaylist(session, tracks)
  expect(parseOriginMultivariant(text, session)).toEqual({
    text,
    tracks: tracks.map(({ id }) => id),
    renditions: renditionsOf(tracks),
    audio: audioOf(tracks),
  })
})

const TEXT = multivariantPlaylist(session, [...pictures, audio])

test('another session of the stream is told from a bad playlist', () => {
  expect(() => parseOriginMultivariant(TEXT.replaceAll(session, 'sbbbbbbbbbbbb'), session)).toThrow(
    OtherSession,
  )
})

test.each([
  ['a page', TEXT, '<html>\n'],
  ['nothing to see', TEXT, '#EXTM3U\n'],
  ['a playlist elsewhere', `${session}/v720.m3u8`, 'http://evil.example/v720.m3u8'],
  ['a playlist above', `${session}/v720.m3u8`, `${session}/../v720.m3u8`],
  ['one rendition twice', `${session}/v720.m3u8`, `${session}/v360.m3u8`],
  ['sound from elsewhere', `URI="${session}/audio.m3u8"`, 'URI="//evil.example/audio.m3u8"'],
  ['steering', '#EXT-X-INDEPENDENT-SEGMENTS', '#EXT-X-CONTENT-STEERING:SERVER-URI="http://evil.example"'],
  ['another link', 'STABLE-VARIANT-ID="v720"', 'X-URI="http://evil.example"'],
  ['a list that is none', 'STABLE-VARIANT-ID="v720"', 'STABLE-VARIANT-ID="v720'],
  [
    'too many renditions',
    '#EXT-X-STREAM-INF',
    `${Array.from({ length: 21 }, (_, at) => `#EXT-X-STREAM-INF:BANDWIDTH=1\n${session}/r${at}.m3u8\n`).join('')}#EXT-X-STREAM-INF`,
  ],
])('%s is refused', (_, from, to) => {
  expect(() => parseOriginMultivariant(TEXT.replace(from, to), session)).toThrow(NoPlaylist)
})

test('numbers that are none are none', () => {
  const odd = TEXT.replace(/BANDWIDTH=\d+/, 'BANDWIDTH=-1')
    .replace('1280x720', '0x99999')
    .replace('25.000', 'x')
  expect(parseOriginMultivariant(odd, session).renditions[0]).toEqual({
    ...{ id: 'v720', codecs: 'avc1.64001f,mp4a.40.2', bandwidth: 0, averageBandwidth: expect.any(Number) },
  })
})
