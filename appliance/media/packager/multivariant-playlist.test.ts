import { expect, test } from 'vitest'
import { measuredRenditions, multivariantPlaylist, renditionsOf } from './multivariant-playlist.ts'
import type { TrackWindow } from './track-window.ts'

const video: TrackWindow = {
  id: 'v480',
  kind: 'video',
  codecs: 'avc1.64001f',
  width: 854,
  height: 480,
  frameRate: 30,
  shapes: [],
  peakBitsPerSecond: 1_200_000.2,
  totalBytes: 1_000_000,
  totalSeconds: 8,
  partTarget: 0.333,
  segments: [],
}
const audio: TrackWindow = {
  id: 'audio',
  kind: 'audio',
  codecs: 'mp4a.40.2',
  shapes: [],
  peakBitsPerSecond: 130_000,
  totalBytes: 128_000,
  totalSeconds: 8,
  partTarget: 0.333,
  segments: [],
}

test('each rendition is told with the audio that plays beside it, as measured', () => {
  expect(multivariantPlaylist('sabc', [video, audio])).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",STABLE-RENDITION-ID="audio",URI="sabc/audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1330001,AVERAGE-BANDWIDTH=1128000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=854x480,FRAME-RATE=30.000,AUDIO="audio",STABLE-VARIANT-ID="v480"
sabc/v480.m3u8
`)
})

test('a stream without sound has no audio group', () => {
  const text = multivariantPlaylist('sabc', [video])
  expect(text).not.toContain('AUDIO')
  expect(text).toContain('CODECS="avc1.64001f",')
})

test('a still picture that is cheaper large than small does not make the larger rendition claim less', () => {
  const cheap = { ...video, id: 'v1080', peakBitsPerSecond: 200_000, totalBytes: 100_000 }
  const [large, small] = renditionsOf([cheap, video])
  expect(large?.bandwidth).toBe(small?.bandwidth)
  expect(large?.averageBandwidth).toBe(small?.averageBandwidth)
  expect(measuredRenditions([cheap, video])).toMatchObject([
    { bandwidth: 200_000, averageBandwidth: 100_000 },
    { bandwidth: 1_200_001, averageBandwidth: 1_000_000 },
  ])
})
