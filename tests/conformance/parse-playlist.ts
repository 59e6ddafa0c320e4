/** A media playlist, read strictly: a tag that we do not write is an error. */
export type Playlist = {
  version: number
  targetDuration: number
  partTarget: number | undefined
  control: Attributes
  mediaSequence: number
  discontinuitySequence: number
  skipped: number
  segments: Segment[]
  /** Parts after the last whole segment. */
  growing: Segment | undefined
  hint: string | undefined
  reports: Attributes[]
  ended: boolean
}
export type Segment = {
  number: number
  /** How many discontinuities lie before it, over the whole session. */
  discontinuity: number
  uri: string
  duration: number
  /** Milliseconds. */
  at: number
  map: string
  parts: Part[]
}
export type Part = { uri: string; duration: number; independent: boolean }
export type Attributes = Record<string, string>

export function parsePlaylist(text: string): Playlist {
  const lines = text.split('\n')
  if (lines[0] !== '#EXTM3U' || lines.at(-1) !== '') throw new Error('not a whole playlist')
  const playlist: Playlist = {
    version: 0,
    targetDuration: 0,
    partTarget: undefined,
    control: {},
    mediaSequence: 0,
    discontinuitySequence: 0,
    skipped: 0,
    segments: [],
    growing: undefined,
    hint: undefined,
    reports: [],
    ended: false,
  }
  let open = { uri: '', duration: 0, at: Number.NaN, parts: [] as Part[] }
  let map = ''
  let breaks = 0
  const close = (uri: string): Segment => ({
    ...open,
    uri,
    map,
    number: playlist.mediaSequence + playlist.skipped + playlist.segments.length,
    discontinuity: playlist.discontinuitySequence + breaks,
  })

  for (const line of lines.slice(1, -1)) {
    if (!line.startsWith('#')) {
      playlist.segments.push(close(line))
      open = { uri: '', duration: 0, at: Number.NaN, parts: [] }
      continue
    }
    const [, tag = '', value = ''] = /^#(EXT[A-Z0-9-]*)(?::(.*))?$/.exec(line) ?? []
    const attributes = parseAttributes(value)
    if (tag === 'EXT-X-VERSION') playlist.version = Number(value)
    else if (tag === 'EXT-X-TARGETDURATION') playlist.targetDuration = Number(value)
    else if (tag === 'EXT-X-PART-INF') playlist.partTarget = Number(attributes['PART-TARGET'])
    else if (tag === 'EXT-X-SERVER-CONTROL') playlist.control = attributes
    else if (tag === 'EXT-X-MEDIA-SEQUENCE') playlist.mediaSequence = Number(value)
    else if (tag === 'EXT-X-DISCONTINUITY-SEQUENCE') playlist.discontinuitySequence = Number(value)
    else if (tag === 'EXT-X-SKIP') playlist.skipped = Number(attributes['SKIPPED-SEGMENTS'])
    else if (tag === 'EXT-X-DISCONTINUITY') breaks += 1
    else if (tag === 'EXT-X-MAP') map = attributes.URI ?? ''
    else if (tag === 'EXT-X-PROGRAM-DATE-TIME') open.at = Date.parse(value)
    else if (tag === 'EXTINF') open.duration = Number(value.replace(/,.*$/, ''))
    else if (tag === 'EXT-X-PART') open.parts.push(partOf(attributes))
    else if (tag === 'EXT-X-PRELOAD-HINT') playlist.hint = attributes.URI
    else if (tag === 'EXT-X-RENDITION-REPORT') playlist.reports.push(attributes)
    else if (tag === 'EXT-X-ENDLIST') playlist.ended = true
    else if (tag !== 'EXT-X-INDEPENDENT-SEGMENTS') throw new Error(`an unknown line: ${line}`)
  }
  if (open.parts.length) playlist.growing = close('')
  return playlist
}

function partOf(attributes: Attributes): Part {
  return {
    uri: attributes.URI ?? '',
    duration: Number(attributes.DURATION),
    independent: attributes.INDEPENDENT === 'YES',
  }
}

export function parseAttributes(text: string): Attributes {
  const pairs = text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)
  return Object.fromEntries([...pairs].map(([, name, value = '']) => [name, value.replaceAll('"', '')]))
}
