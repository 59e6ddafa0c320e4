import type { ReportedAudio, ReportedRendition } from '@sixcast/shared/contract/stream-report.ts'
import type { LiveStream } from './live-streams.ts'
import type { Pathway } from './rank-pathways.ts'
import { type SteeringTicket, steeringUri } from './steering-ticket.ts'
import type { Tracks } from './stream-tracks.ts'

type Played = Pick<LiveStream, 'name' | 'session'>
type Order = { stream: Played; tracks: Tracks; pathways: Pathway[]; ticket: SteeringTicket }

/**
 * A multivariant playlist with every pathway in it. All of them list the same tracks in the same order, since players go from one to
 * another by place in the list; each has an audio group of its own, or players would fetch the sound from another one.
 */
export function playPlaylist({ stream, tracks, pathways, ticket }: Order): string {
  const { renditions, audio } = tracks
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-CONTENT-STEERING:SERVER-URI="${steeringUri(stream.name, ticket)}",PATHWAY-ID="${pathways[0]?.pathway}"`,
    ...pathways.flatMap((pathway) => (audio ? [audioLine(audio, pathway, stream)] : [])),
    ...pathways.flatMap((pathway) =>
      renditions.flatMap((rendition) => variantLines(rendition, audio, pathway, stream)),
    ),
    '',
  ].join('\n')
}

/** Where a track lies at one host, the same at each. */
export const trackUri = (host: string, { name, session }: Played, trackId: string) =>
  `http://${host}/${name}/${session}/${trackId}.m3u8`

function audioLine({ id, channels }: ReportedAudio, pathway: Pathway, stream: Played): string {
  return `#EXT-X-MEDIA:${[
    'TYPE=AUDIO',
    `GROUP-ID="${groupId(id, pathway)}"`,
    'NAME="Audio"',
    'DEFAULT=YES',
    'AUTOSELECT=YES',
    ...(channels ? [`CHANNELS="${channels}"`] : []),
    `STABLE-RENDITION-ID="${id}"`,
    `URI="${trackUri(pathway.host, stream, id)}"`,
  ].join(',')}`
}

function variantLines(
  rendition: ReportedRendition,
  audio: ReportedAudio | undefined,
  pathway: Pathway,
  stream: Played,
): string[] {
  const { id, codecs, bandwidth, averageBandwidth, width, height, frameRate } = rendition
  const attributes = [
    `BANDWIDTH=${bandwidth}`,
    `AVERAGE-BANDWIDTH=${averageBandwidth}`,
    `CODECS="${codecs}"`,
    ...(width && height ? [`RESOLUTION=${width}x${height}`] : []),
    ...(frameRate ? [`FRAME-RATE=${frameRate.toFixed(3)}`] : []),
    ...(audio ? [`AUDIO="${groupId(audio.id, pathway)}"`] : []),
    `PATHWAY-ID="${pathway.pathway}"`,
    `STABLE-VARIANT-ID="${id}"`,
  ]
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, trackUri(pathway.host, stream, id)]
}

const groupId = (audioId: string, { pathway }: Pathway) => `${audioId}-${pathway}`
