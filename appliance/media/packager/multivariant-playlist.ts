import type { ReportedAudio, ReportedRendition } from '@sixcast/shared/contract/stream-report.ts'
import type { TrackWindow } from './track-window.ts'

/** The renditions a viewer can choose from, best first, as players are told of them. */
export function renditionsOf(tracks: TrackWindow[]): ReportedRendition[] {
  const measured = measuredRenditions(tracks)
  return measured.map((rendition, at) => notBelow(rendition, measured.slice(at + 1)))
}

/** The same as measured: each video track together with the audio that plays beside it. */
export function measuredRenditions(tracks: TrackWindow[]): ReportedRendition[] {
  const audio = tracks.find((track) => track.kind === 'audio')
  return tracks
    .filter((track) => track.kind === 'video')
    .map((video) => ({
      id: video.id,
      codecs: [video.codecs, ...(audio ? [audio.codecs] : [])].join(','),
      bandwidth: Math.ceil(peak(video) + (audio ? peak(audio) : 0)),
      averageBandwidth: Math.ceil(average(video) + (audio ? average(audio) : 0)),
      width: video.width,
      height: video.height,
      frameRate: video.frameRate,
    }))
}

/** All sound that nodes make has two channels. */
const CHANNELS = 2

export function audioOf(tracks: TrackWindow[]): ReportedAudio | undefined {
  const audio = tracks.find((track) => track.kind === 'audio')
  return audio && { id: audio.id, codecs: audio.codecs, channels: CHANNELS }
}

/**
 * Players take the highest rate for the best picture, but a still one can cost less large than small: so none claims less than those
 * below it, and BANDWIDTH of v1080 and v720 may be equal.
 */
function notBelow(rendition: ReportedRendition, lower: ReportedRendition[]): ReportedRendition {
  const bandwidth = Math.max(rendition.bandwidth, ...lower.map((each) => each.bandwidth))
  const averageBandwidth = Math.max(rendition.averageBandwidth, ...lower.map((each) => each.averageBandwidth))
  return { ...rendition, bandwidth, averageBandwidth }
}

/** The playlist a player opens first. URIs are relative to the stream's folder, in which each session has its own. */
export function multivariantPlaylist(session: string, tracks: TrackWindow[]): string {
  const audio = tracks.find((track) => track.kind === 'audio')
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(audio ? [audioLine(session, audio)] : []),
    ...renditionsOf(tracks).flatMap((rendition) => variantLines(session, rendition, audio)),
    '',
  ].join('\n')
}

function audioLine(session: string, { id }: TrackWindow) {
  return (
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${id}",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${CHANNELS}",` +
    `STABLE-RENDITION-ID="${id}",URI="${session}/${id}.m3u8"`
  )
}

function variantLines(
  session: string,
  rendition: ReportedRendition,
  audio: TrackWindow | undefined,
): string[] {
  const { id, codecs, bandwidth, averageBandwidth, width, height, frameRate } = rendition
  const attributes = [
    `BANDWIDTH=${bandwidth}`,
    `AVERAGE-BANDWIDTH=${averageBandwidth}`,
    `CODECS="${codecs}"`,
    ...(width && height ? [`RESOLUTION=${width}x${height}`] : []),
    ...(frameRate ? [`FRAME-RATE=${frameRate.toFixed(3)}`] : []),
    ...(audio ? [`AUDIO="${audio.id}"`] : []),
    `STABLE-VARIANT-ID="${id}"`,
  ]
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, `${session}/${id}.m3u8`]
}

function average({ totalBytes, totalSeconds }: TrackWindow) {
  return totalSeconds ? (totalBytes * 8) / totalSeconds : 0
}

/** Before the first whole segment the average has to do. */
function peak(track: TrackWindow) {
  return track.peakBitsPerSecond || average(track)
}
