import type { WindowSegment } from './track-window.ts'

type MediaPlaylist = {
  segments: WindowSegment[]
  segmentSeconds: number
  ended: boolean
}

/** The playlist of one track. URIs are relative to the session's folder. */
export function mediaPlaylist({ segments, segmentSeconds, ended }: MediaPlaylist): string {
  const [first] = segments
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(segmentSeconds)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first?.discontinuity ?? 0}`,
    ...segments.flatMap((segment, at) => segmentLines(segment, segments[at - 1])),
    ...(ended ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

function segmentLines(segment: WindowSegment, previous: WindowSegment | undefined): string[] {
  const breaks = previous !== undefined && previous.discontinuity !== segment.discontinuity
  const mapped = previous !== undefined && !breaks && previous.init === segment.init
  return [
    ...(breaks ? ['#EXT-X-DISCONTINUITY'] : []),
    ...(mapped ? [] : [`#EXT-X-MAP:URI="${segment.init}"`]),
    `#EXT-X-PROGRAM-DATE-TIME:${segment.at}`,
    `#EXTINF:${segment.duration.toFixed(5)},`,
    segment.uri,
  ]
}
