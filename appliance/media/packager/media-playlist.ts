import {
  listedSegments,
  newest,
  partsSeconds,
  type TrackWindow,
  type WindowPart,
  type WindowRules,
  type WindowSegment,
} from './track-window.ts'

/** Where players stand who ask for what comes next: the last whole segment, how many parts it had, and the parts after it. */
export type LivePlace = { closed: number; closedParts: number; growingParts: number }

type MediaPlaylist = {
  track: TrackWindow
  /** The ids of all tracks of the session. */
  others: string[]
  rules: WindowRules
  /** Absent when the playlist is for ordinary players only. `next`: the part that comes next, while a run goes on. */
  lowLatency: { next: string | undefined; partHoldBack: number } | undefined
  ended: boolean
  /** Leave out what a player has that has seen the playlist lately. */
  skip?: boolean
}

/** The playlist of one track, RFC 8216bis. URIs are relative to the session's folder. */
export function mediaPlaylist({
  track,
  others,
  rules,
  lowLatency,
  ended,
  skip = false,
}: MediaPlaylist): string {
  const listed = listedSegments(track, rules)
  const [first] = listed
  const low = ended ? undefined : lowLatency
  const skipped = low && skip ? listed.length - newest(listed, skipSeconds(rules)).length : 0
  const withParts = new Set(low ? newest(listed, partsSeconds(rules)) : [])
  return [
    '#EXTM3U',
    `#EXT-X-VERSION:${low ? 9 : 7}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-TARGETDURATION:${Math.ceil(rules.segmentSeconds)}`,
    ...(low ? serverLines(track, low.partHoldBack, rules) : []),
    `#EXT-X-MEDIA-SEQUENCE:${first?.number ?? track.growing?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first?.discontinuity ?? track.growing?.discontinuity ?? 0}`,
    ...(skipped ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
    ...listed
      .slice(skipped)
      .flatMap((segment, at) => [
        ...headLines(segment, listed[skipped + at - 1]),
        ...(withParts.has(segment) ? segment.parts.map(partLine) : []),
        `#EXTINF:${segment.duration.toFixed(5)},`,
        segment.uri,
      ]),
    ...(low && track.growing ? growingLines(track.growing, listed.at(-1)) : []),
    ...(low?.next ? [`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${low.next}"`] : []),
    ...(low ? others.filter((id) => id !== track.id).map((id) => reportLine(id, placeOf(track))) : []),
    ...(ended ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

/** All tracks of a session stand at the same place. */
export function placeOf({ segments, growing }: TrackWindow): LivePlace {
  const last = segments.at(-1)
  const before = (growing?.number ?? 0) - 1
  return {
    closed: last?.number ?? before,
    closedParts: last?.parts.length ?? 0,
    growingParts: growing?.parts.length ?? 0,
  }
}

/** RFC 8216bis, 4.4.3.8: at least six target durations. */
function skipSeconds({ segmentSeconds }: WindowRules) {
  return 6 * Math.ceil(segmentSeconds)
}

function serverLines({ partTarget }: TrackWindow, partHoldBack: number, rules: WindowRules) {
  return [
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${partHoldBack.toFixed(3)},CAN-SKIP-UNTIL=${skipSeconds(rules).toFixed(1)}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTarget.toFixed(5)}`,
  ]
}

function headLines(segment: WindowSegment, previous: WindowSegment | undefined): string[] {
  const breaks = previous !== undefined && previous.discontinuity !== segment.discontinuity
  const mapped = previous !== undefined && !breaks && previous.init === segment.init
  return [
    ...(breaks ? ['#EXT-X-DISCONTINUITY'] : []),
    ...(mapped ? [] : [`#EXT-X-MAP:URI="${segment.init}"`]),
    `#EXT-X-PROGRAM-DATE-TIME:${segment.at}`,
  ]
}

function growingLines(growing: WindowSegment, previous: WindowSegment | undefined): string[] {
  return [...headLines(growing, previous), ...growing.parts.map(partLine)]
}

function partLine({ duration, uri, independent }: WindowPart): string {
  return `#EXT-X-PART:DURATION=${duration.toFixed(5)},URI="${uri}"${independent ? ',INDEPENDENT=YES' : ''}`
}

function reportLine(id: string, { closed, closedParts, growingParts }: LivePlace): string {
  const last = growingParts > 0 ? [closed + 1, growingParts - 1] : [closed, closedParts - 1]
  return `#EXT-X-RENDITION-REPORT:URI="${id}.m3u8",LAST-MSN=${last[0]}${(last[1] ?? -1) < 0 ? '' : `,LAST-PART=${last[1]}`}`
}
