import * as z from 'zod'

/** A segment as playlists tell of it. `start` and `duration` in seconds of the run's media clock; `at` is the wall time of `start`. */
export const WindowSegment = z.object({
  number: z.number().int(),
  run: z.number().int(),
  /** How many times the media clock had broken before it. */
  discontinuity: z.number().int(),
  start: z.number(),
  duration: z.number(),
  at: z.iso.datetime(),
  bytes: z.number().int(),
  uri: z.string(),
  init: z.string(),
})
export type WindowSegment = z.infer<typeof WindowSegment>

/** The segments of one track that exist as files, and what was measured over the whole session. */
export const TrackWindow = z.object({
  id: z.string(),
  kind: z.enum(['video', 'audio']),
  codecs: z.string(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  frameRate: z.number().optional(),
  peakBitsPerSecond: z.number(),
  totalBytes: z.number(),
  totalSeconds: z.number(),
  segments: z.array(WindowSegment),
})
export type TrackWindow = z.infer<typeof TrackWindow>

/** The window after `segment`, and the files nobody needs any more. */
export function withSegment(
  track: TrackWindow,
  segment: WindowSegment,
  { listed, segmentSeconds }: { listed: number; segmentSeconds: number },
): { track: TrackWindow; unneeded: string[] } {
  const all = [...track.segments, segment]
  const segments = all.slice(-keptCount(listed))
  return {
    track: { ...track, ...measured(track, segment, segmentSeconds), segments },
    unneeded: unneeded(all.slice(0, -segments.length), segments),
  }
}

/** What a playlist shows. */
export function listedSegments(track: TrackWindow, listed: number): WindowSegment[] {
  return track.segments.slice(-listed)
}

/** RFC 8216bis, 6.2.2: a segment outlives its last playlist by that playlist's length and its own. */
function keptCount(listed: number) {
  return 2 * listed + 1
}

function measured(track: TrackWindow, { bytes, duration }: WindowSegment, segmentSeconds: number) {
  // A peak is measured over at least half a target duration: the short last segment of a run is none.
  const bitsPerSecond = duration >= segmentSeconds / 2 ? (bytes * 8) / duration : 0
  return {
    peakBitsPerSecond: Math.max(track.peakBitsPerSecond, bitsPerSecond),
    totalBytes: track.totalBytes + bytes,
    totalSeconds: track.totalSeconds + duration,
  }
}

function unneeded(dropped: WindowSegment[], kept: WindowSegment[]): string[] {
  const inits = new Set(kept.map((segment) => segment.init))
  return [
    ...dropped.map((segment) => segment.uri),
    ...new Set(dropped.map((segment) => segment.init).filter((init) => !inits.has(init))),
  ]
}
