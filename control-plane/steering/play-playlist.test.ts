import { expect, test } from 'vitest'
import { parseAttributes } from '../../tests/conformance/parse-playlist.ts'
import { copyOf, streamOf, TRACKS, viewingOf } from './fake-copies.ts'
import { playPlaylist } from './play-playlist.ts'
import { pathwaysFor } from './rank-pathways.ts'

const [a, b] = [copyOf('a', '2a01:4f8:1::a'), copyOf('b', '45.66.2.2')]
const stream = streamOf([a, b])
const pathways = pathwaysFor({ stream, relay: { port: 8080 }, viewing: viewingOf() })
const ids = pathways.map(({ pathway }) => pathway)
const ticket = { viewer: 'abc', session: stream.session, six: false, has: ids }

test('a playlist names every track on every pathway in full, with its own group of audio', () => {
  const [one, two] = ids
  expect(playPlaylist({ stream, tracks: TRACKS, pathways, ticket })).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-CONTENT-STEERING:SERVER-URI="/steer/golive?viewer=abc&session=s00000000000a&has=${one}%2C${two}%2Crelay",PATHWAY-ID="${one}"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-${one}",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",STABLE-RENDITION-ID="audio",URI="http://[2a01:4f8:1::a]:8084/golive/s00000000000a/audio.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-${two}",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",STABLE-RENDITION-ID="audio",URI="http://45.66.2.2:8084/golive/s00000000000a/audio.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-relay",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",STABLE-RENDITION-ID="audio",URI="http://live.example:8080/golive/s00000000000a/audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2200000,AVERAGE-BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio-${one}",PATHWAY-ID="${one}",STABLE-VARIANT-ID="v720"
http://[2a01:4f8:1::a]:8084/golive/s00000000000a/v720.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio-${one}",PATHWAY-ID="${one}",STABLE-VARIANT-ID="v360"
http://[2a01:4f8:1::a]:8084/golive/s00000000000a/v360.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2200000,AVERAGE-BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio-${two}",PATHWAY-ID="${two}",STABLE-VARIANT-ID="v720"
http://45.66.2.2:8084/golive/s00000000000a/v720.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio-${two}",PATHWAY-ID="${two}",STABLE-VARIANT-ID="v360"
http://45.66.2.2:8084/golive/s00000000000a/v360.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2200000,AVERAGE-BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio-relay",PATHWAY-ID="relay",STABLE-VARIANT-ID="v720"
http://live.example:8080/golive/s00000000000a/v720.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio-relay",PATHWAY-ID="relay",STABLE-VARIANT-ID="v360"
http://live.example:8080/golive/s00000000000a/v360.m3u8
`)
})

test('all pathways list the same variants in the same order', () => {
  const variants = playPlaylist({ stream, tracks: TRACKS, pathways, ticket })
    .split('\n')
    .filter((line) => line.startsWith('#EXT-X-STREAM-INF'))
    .map(parseAttributes)
  const byPathway = Map.groupBy(variants, (variant) => variant['PATHWAY-ID'])
  const lists = [...byPathway.values()].map((list) => list.map((variant) => variant['STABLE-VARIANT-ID']))
  expect([...byPathway.keys()]).toEqual(ids)
  expect(lists).toEqual(ids.map(() => ['v720', 'v360']))
})

test('a stream without sound has no group', () => {
  const tracks = { renditions: TRACKS.renditions }
  expect(playPlaylist({ stream, tracks, pathways, ticket })).not.toContain('AUDIO')
})
