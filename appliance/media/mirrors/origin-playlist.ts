/** A media playlist of another node, in the lines in which it came, and what they say. Nothing of it is believed before it was parsed. */
export type OriginPlaylist = {
  text: string
  /** Up to the first segment. */
  head: string[]
  targetDuration: number
  /** Absent when it lists whole segments only. */
  partTarget: number | undefined
  /** Who asks for what comes next may wait for it. */
  canBlock: boolean
  skipSeconds: number | undefined
  segments: OriginSegment[]
  /** The one that parts are added to. */
  growing: OriginSegment | undefined
  hint: string | undefined
  /** After all segments. */
  tail: string[]
  ended: boolean
}
/** URIs are relative to the session's folder. */
export type OriginSegment = {
  number: number
  /** How many discontinuities lie before it, over the whole session. */
  discontinuity: number
  lines: string[]
  uri: string
  init: string
  duration: number
  parts: { uri: string; duration: number }[]
}

/** What is no playlist of a live session of ours, in words. */
export class NoPlaylist extends Error {}

const LONGEST_LINE = 1000
const MOST_LINES = 20_000

/** Reads the playlist of one track. URIs have the form that a node's nginx serves, and lead nowhere else; what this release does not know must not have any. */
export function parseOriginPlaylist(text: string, track: string): OriginPlaylist {
  const lines = linesOf(text)
  const at = lines.findIndex((line) => BODY.test(line))
  const head = lines.slice(1, at < 0 ? lines.length : at).filter((line) => !TAIL.test(line))
  const rest = lines.slice(1 + head.length)
  for (const line of head) refuseLink(line)
  const targetDuration = numberIn(head, /^#EXT-X-TARGETDURATION:(\d{1,3})$/)
  if (targetDuration === undefined || targetDuration === 0)
    throw new NoPlaylist('it names no target duration')
  const { segments, growing, tail } = readBody(rest, track, {
    first: numberIn(head, SEQUENCE) ?? 0,
    discontinuity: numberIn(head, DISCONTINUITIES) ?? 0,
  })
  const hint = tail.flatMap(
    (line) => /^#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"$/.exec(line)?.[1] ?? [],
  )[0]
  if (hint && partAt(hint, track) === undefined) throw new NoPlaylist('it hints at what is no part')
  return {
    text,
    head: ['#EXTM3U', ...head],
    targetDuration,
    partTarget: numberIn(head, /^#EXT-X-PART-INF:PART-TARGET=(\d{1,2}\.\d{1,9})$/),
    canBlock: head.some((line) => /^#EXT-X-SERVER-CONTROL:(?:.*,)?CAN-BLOCK-RELOAD=YES(?:,|$)/.test(line)),
    skipSeconds: numberIn(
      head,
      /^#EXT-X-SERVER-CONTROL:(?:.*,)?CAN-SKIP-UNTIL=(\d{1,4}(?:\.\d{1,9})?)(?:,.*)?$/,
    ),
    segments,
    growing,
    hint,
    tail,
    ended: tail.includes('#EXT-X-ENDLIST'),
  }
}

const SEQUENCE = /^#EXT-X-MEDIA-SEQUENCE:(\d{1,9})$/
const DISCONTINUITIES = /^#EXT-X-DISCONTINUITY-SEQUENCE:(\d{1,9})$/
const BODY = /^(?:#EXT-X-(?:DISCONTINUITY|MAP:.*|PROGRAM-DATE-TIME:.*|PART:.*)|#EXTINF:.*|[^#].*)$/
const TAIL = /^#EXT-X-(?:PRELOAD-HINT:|RENDITION-REPORT:|ENDLIST$)/
const REPORT =
  /^#EXT-X-RENDITION-REPORT:URI="[a-z0-9-]{1,50}\.m3u8",LAST-MSN=-?\d{1,9}(?:,LAST-PART=\d{1,4})?$/
const PART = /^#EXT-X-PART:DURATION=(\d{1,2}\.\d{1,9}),URI="([^"]+)"(?:,[A-Z-]+=[A-Z0-9.]+)*$/

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines[0] !== '#EXTM3U' || lines.pop() !== '') throw new NoPlaylist('it is no whole playlist')
  if (lines.length > MOST_LINES) throw new NoPlaylist('it is too long')
  if (lines.some((line) => line.length > LONGEST_LINE || /[^\x20-\x7e]/.test(line)))
    throw new NoPlaylist('it has a line that no playlist has')
  return lines
}

function numberIn(lines: string[], form: RegExp): number | undefined {
  const [found] = lines.flatMap((line) => form.exec(line)?.[1] ?? [])
  return found === undefined ? undefined : Number(found)
}

/** What this release does not know may say what it likes, but lead nowhere. */
function refuseLink(line: string) {
  if (/URI|:\/\//i.test(line))
    throw new NoPlaylist(`it has a line that this release does not know: ${line.slice(0, 40)}`)
}

function readBody(rest: string[], track: string, begin: { first: number; discontinuity: number }) {
  const segments: OriginSegment[] = []
  const tail: string[] = []
  let [init, discontinuity] = ['', begin.discontinuity]
  let open = empty()
  const named = (uri: string): OriginSegment => ({
    ...open,
    number: begin.first + segments.length,
    discontinuity,
    uri,
    init,
  })

  for (const line of rest) {
    if (!line.startsWith('#')) {
      segments.push(checked(named(line), track))
      open = empty()
      continue
    }
    if (TAIL.test(line) || tail.length) {
      tail.push(inTail(line))
      continue
    }
    open.lines.push(line)
    if (line === '#EXT-X-DISCONTINUITY') discontinuity += 1
    else if (line.startsWith('#EXT-X-MAP:')) init = initIn(line, track)
    else if (line.startsWith('#EXT-X-PART:')) open.parts.push(partIn(line))
    else if (line.startsWith('#EXTINF:')) open.duration = secondsIn(line)
    else refuseLink(line)
  }
  const uri = open.parts[0]?.uri.replace(/\.0\.m4s$/, '.m4s')
  return { segments, tail, growing: uri ? checked(named(uri), track) : undefined }
}

const empty = () => ({ lines: [] as string[], duration: 0, parts: [] as OriginSegment['parts'] })

function inTail(line: string): string {
  if (line.startsWith('#EXT-X-RENDITION-REPORT:') && !REPORT.test(line))
    throw new NoPlaylist('it reports on what is no rendition')
  if (!/^#EXT-X-(?:PRELOAD-HINT|RENDITION-REPORT):/.test(line)) refuseLink(line)
  return line
}

function initIn(line: string, track: string): string {
  const [, uri = ''] = /^#EXT-X-MAP:URI="([^"]+)"$/.exec(line) ?? []
  const [folder, file = '', ...more] = uri.split('/')
  if (folder !== track || more.length || !/^init-[A-Za-z0-9_-]{1,64}\.mp4$/.test(file))
    throw new NoPlaylist('it names an init file that is none')
  return uri
}

function partIn(line: string): OriginSegment['parts'][number] {
  const [, duration, uri] = PART.exec(line) ?? []
  if (!uri) throw new NoPlaylist('it has a part that is none')
  return { uri, duration: Number(duration) }
}

function secondsIn(line: string): number {
  const [, seconds] = /^#EXTINF:(\d{1,3}(?:\.\d{1,9})?),$/.exec(line) ?? []
  if (seconds === undefined) throw new NoPlaylist('a segment has no duration')
  return Number(seconds)
}

/** Numbers rise by one, parts too: so no two of what is listed are the same file. */
function checked(segment: OriginSegment, track: string): OriginSegment {
  const { uri, number, init, parts } = segment
  const [, file] = uri.startsWith(`${track}/`) ? (/^[a-z0-9-]+\/(\d{1,9}-\d{1,9})\.m4s$/.exec(uri) ?? []) : []
  if (!file || Number(file.split('-')[1]) !== number) throw new NoPlaylist('it lists a segment that is none')
  if (!init) throw new NoPlaylist('it lists a segment without an init file')
  if (parts.some((part, at) => part.uri !== `${track}/${file}.${at}.m4s`))
    throw new NoPlaylist('it lists a part that is none')
  return segment
}

function partAt(uri: string, track: string): number | undefined {
  const [, part] = uri.startsWith(`${track}/`)
    ? (/^[a-z0-9-]+\/\d{1,9}-\d{1,9}\.(\d{1,4})\.m4s$/.exec(uri) ?? [])
    : []
  return part === undefined ? undefined : Number(part)
}
