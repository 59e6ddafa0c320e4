import type { ReportedAudio, ReportedRendition } from '@sixcast/shared/contract/stream-report.ts'
import { NoPlaylist } from './origin-playlist.ts'

/** What players open first on another node, as it came, and what it says of the session's tracks. */
export type OriginMultivariant = {
  text: string
  /** Names of playlists without `.m3u8`, pictures first. */
  tracks: string[]
  renditions: ReportedRendition[]
  audio: ReportedAudio | undefined
}

/** Another session of the stream has taken its place. */
export class OtherSession extends Error {}

const MOST_RENDITIONS = 20

/** Each line has the form in which nodes write it: it is handed on as it is, and its URIs must lead into the session's folder. */
export function parseOriginMultivariant(text: string, session: string): OriginMultivariant {
  const lines = text.split('\n')
  if (lines[0] !== '#EXTM3U' || lines.pop() !== '') throw new NoPlaylist('it is no whole playlist')
  if (/[^\x20-\x7e\n]/.test(text)) throw new NoPlaylist('it has a line that no playlist has')
  const pictures: { id: string; attributes: Attributes }[] = []
  let audio: { id: string; attributes: Attributes } | undefined
  let open: Attributes | undefined

  for (const line of lines.slice(1)) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) open = attributesIn(line)
    else if (line.startsWith('#EXT-X-MEDIA:')) {
      const attributes = attributesIn(line)
      audio = { id: trackIn(attributes.URI ?? '', session), attributes }
    } else if (!line.startsWith('#')) {
      if (!open) throw new NoPlaylist('it lists what it does not describe')
      pictures.push({ id: trackIn(line, session), attributes: open })
      open = undefined
    } else if (/URI|:\/\//i.test(line))
      throw new NoPlaylist(`it has a line that this release does not know: ${line.slice(0, 40)}`)
  }
  const tracks = [...pictures, ...(audio ? [audio] : [])].map(({ id }) => id)
  if (!pictures.length || pictures.length > MOST_RENDITIONS || new Set(tracks).size < tracks.length)
    throw new NoPlaylist('its renditions are none')
  return {
    text,
    tracks,
    renditions: pictures.map(renditionOf),
    audio: audio && audioOf(audio.id, audio.attributes, pictures[0]?.attributes.CODECS),
  }
}

type Attributes = Partial<Record<string, string>>

function attributesIn(line: string): Attributes {
  const list = line.slice(line.indexOf(':') + 1)
  if (!/^[A-Z0-9-]+=(?:"[^"]*"|[^",]+)(?:,[A-Z0-9-]+=(?:"[^"]*"|[^",]+))*$/.test(list))
    throw new NoPlaylist('it describes a rendition in a form that none has')
  const pairs = [...list.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]+))/g)]
  if (
    pairs.some(([, name, quoted = '']) => (name !== 'URI' && name?.includes('URI')) || quoted.includes('://'))
  )
    throw new NoPlaylist('it leads elsewhere')
  return Object.fromEntries(pairs.map(([, name, quoted, bare]) => [name, quoted ?? bare]))
}

function trackIn(uri: string, session: string): string {
  const [, found, track] = /^(s[a-z0-9]{12})\/([a-z0-9-]{1,50})\.m3u8$/.exec(uri) ?? []
  if (!track) throw new NoPlaylist('it leads to a playlist that is none')
  if (found !== session) throw new OtherSession()
  return track
}

function renditionOf({ id, attributes }: { id: string; attributes: Attributes }): ReportedRendition {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(attributes.RESOLUTION ?? '') ?? []
  const frameRate = Number(attributes['FRAME-RATE'])
  return {
    id,
    codecs: (attributes.CODECS ?? '').slice(0, 100),
    bandwidth: wholeNumber(attributes.BANDWIDTH),
    averageBandwidth: wholeNumber(attributes['AVERAGE-BANDWIDTH']),
    ...(isSize(width) && isSize(height) && { width: Number(width), height: Number(height) }),
    ...(frameRate > 0 && frameRate <= 1000 && { frameRate }),
  }
}

/** The multivariant playlist tells the codecs of picture and sound together. */
function audioOf(id: string, { CHANNELS }: Attributes, codecs = ''): ReportedAudio {
  const channels = Number(CHANNELS)
  const own = codecs.split(',').filter((codec) => !/^(?:avc|hvc|hev|av01|vp09)/.test(codec))
  return {
    id,
    codecs: own.join(',').slice(0, 100),
    ...(channels >= 1 && channels <= 64 && Number.isInteger(channels) && { channels }),
  }
}

const isSize = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 16_384

function wholeNumber(text: string | undefined): number {
  return /^\d{1,12}$/.test(text ?? '') ? Number(text) : 0
}
