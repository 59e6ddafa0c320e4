import { expect, test } from 'vitest'
import { cheapestTrack, newestSegment } from './cheapest-segment.ts'

const variants = `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1330001,AVERAGE-BANDWIDTH=1128000,CODECS="avc1.64001f,mp4a.40.2"
sabc/v480.m3u8
#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=2000,BANDWIDTH=600000,CODECS="avc1.64001f"

sabc/v240.m3u8
`

test.each([
  [
    'with sound',
    `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",URI="sabc/audio.m3u8"\n${variants}`,
    'sabc/audio.m3u8',
  ],
  ['with sound inside its renditions', `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a"\n${variants}`, 'sabc/v240.m3u8'],
  ['without sound', variants.replaceAll('\n', '\r\n'), 'sabc/v240.m3u8'],
  ['that is none', '<html>', undefined],
])('of a stream %s the cheapest is asked for', (_, text, uri) => {
  expect(cheapestTrack(text)).toBe(uri)
})

test('the newest whole segment is taken, not a part', () => {
  const playlist = `#EXTM3U
#EXTINF:2,
audio/1-7.m4s
#EXTINF:2,
audio/1-8.m4s
#EXT-X-PART:DURATION=0.3,URI="audio/1-9.0.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="audio/1-9.1.m4s"
`
  expect(newestSegment(playlist)).toBe('audio/1-8.m4s')
  expect(newestSegment('#EXTM3U\n')).toBeUndefined()
})
