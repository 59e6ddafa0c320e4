import type { LivePlace } from '../packager/media-playlist.ts'
import type { OriginPlaylist, OriginSegment } from './origin-playlist.ts'

/** Where players stand who ask for what comes next. */
export function placeIn({ segments, growing }: OriginPlaylist): LivePlace {
  const last = segments.at(-1)
  return {
    closed: last?.number ?? (growing?.number ?? 0) - 1,
    closedParts: last?.parts.length ?? 0,
    growingParts: growing?.parts.length ?? 0,
  }
}

/**
 * The playlist as this node shows it: as it came, byte for byte, or without the segments below `from`, which there was no room for.
 * `skip` leaves out what a player has that has seen it lately (RFC 8216bis, 4.4.5.2).
 */
export function shownText(playlist: OriginPlaylist, { from, skip }: { from: number; skip: boolean }): string {
  const shown = playlist.segments.filter(({ number }) => number >= from)
  const skipped = skip ? skippedIn(playlist, shown) : 0
  if (!skipped && shown.length === playlist.segments.length) return playlist.text
  const [first, ...others] = shown
  const lines = [...(first ? [beginning(first)] : []), ...others.map(whole)]
  return joined([
    ...headFor(playlist, first),
    ...(skipped ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
    ...lines.slice(skipped).flat(),
    ...(playlist.growing?.lines ?? []),
    ...playlist.tail,
  ])
}

/** As the origin would have ended it: what was begun is not whole, and nothing comes next. */
export function endedText(playlist: OriginPlaylist, from: number): string {
  const shown = playlist.segments.filter(({ number }) => number >= from)
  const [first, ...others] = shown
  return joined([
    ...headFor(playlist, first)
      .filter((line) => !/^#EXT-X-(?:SERVER-CONTROL|PART-INF):/.test(line))
      .map((line) => line.replace(/^(#EXT-X-VERSION:)9$/, '$17')),
    ...[...(first ? [beginning(first)] : []), ...others.map(whole)]
      .flat()
      .filter((line) => !line.startsWith('#EXT-X-PART:')),
    '#EXT-X-ENDLIST',
  ])
}

/** Whether it tells of less than what is shown already: a copy of a copy may be behind. */
export function isBehind(next: OriginPlaylist, shown: OriginPlaylist): boolean {
  const [to, at] = [placeIn(next), placeIn(shown)]
  if (to.closed !== at.closed) return to.closed < at.closed
  return (
    to.growingParts < at.growingParts && shown.growing?.parts.some(({ uri }) => uri === next.hint) === true
  )
}

/** What it shows, and what of it must be there as a file before anybody is told. */
export function filesIn({ segments, growing }: OriginPlaylist, from: number): string[] {
  const shown = segments.filter(({ number }) => number >= from)
  const all = shown.flatMap(({ uri, init, parts }) => [init, ...parts.map((part) => part.uri), uri])
  return [...new Set([...all, ...(growing ? [growing.init, ...growing.parts.map(({ uri }) => uri)] : [])])]
}

/** Whether the parts of a segment, one after the other, are the segment. */
export function isOfParts({ duration, parts }: OriginSegment): boolean {
  const seconds = parts.reduce((sum, part) => sum + part.duration, 0)
  return parts.length > 0 && Math.abs(seconds - duration) < HALF_A_FRAME_SECONDS / 2
}

const HALF_A_FRAME_SECONDS = 0.02

/** The newest that are together at least so long. */
export function newestOf(segments: OriginSegment[], seconds: number): OriginSegment[] {
  let covered = 0
  let first = segments.length
  while (first > 0 && covered < seconds - HALF_A_FRAME_SECONDS) covered += segments[--first]?.duration ?? 0
  return segments.slice(first)
}

/** Where the newer half of what is listed begins; nothing if there is no more than a segment. */
export function halfWay(playlists: OriginPlaylist[], from: number): number | undefined {
  const [longest] = playlists.toSorted((a, b) => b.segments.length - a.segments.length)
  const listed = longest?.segments.filter(({ number }) => number >= from) ?? []
  const seconds = listed.reduce((sum, { duration }) => sum + duration, 0)
  const kept = newestOf(listed.slice(1), seconds / 2) // without the first at any rate, be the last ever so short
  return kept[0]?.number
}

function skippedIn({ skipSeconds, ended }: OriginPlaylist, shown: OriginSegment[]): number {
  return skipSeconds === undefined || ended ? 0 : shown.length - newestOf(shown, skipSeconds).length
}

function headFor({ head, growing }: OriginPlaylist, first: OriginSegment | undefined): string[] {
  const begin = first ?? growing
  if (!begin) return head
  return head.map((line) =>
    line
      .replace(/^(#EXT-X-MEDIA-SEQUENCE:)\d+$/, `$1${begin.number}`)
      .replace(/^(#EXT-X-DISCONTINUITY-SEQUENCE:)\d+$/, `$1${begin.discontinuity}`),
  )
}

const whole = ({ lines, uri }: OriginSegment) => [...lines, uri]

/** Nothing is before it any more that could have named its init file. */
function beginning(segment: OriginSegment): string[] {
  const lines = segment.lines.filter((line) => line !== '#EXT-X-DISCONTINUITY')
  const isMapped = lines.some((line) => line.startsWith('#EXT-X-MAP:'))
  return [...(isMapped ? [] : [`#EXT-X-MAP:URI="${segment.init}"`]), ...lines, segment.uri]
}

const joined = (lines: string[]) => [...lines, ''].join('\n')
