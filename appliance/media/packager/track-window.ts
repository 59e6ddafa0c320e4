import * as z from 'zod'

/** A part as low-latency playlists tell of it. */
export const WindowPart = z.object({
  duration: z.number(),
  bytes: z.number().int(),
  /** Begins with a key frame. */
  independent: z.boolean(),
  uri: z.string(),
})
export type WindowPart = z.infer<typeof WindowPart>

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
  /** Those that still exist as files of their own. */
  parts: z.array(WindowPart).default([]),
})
export type WindowSegment = z.infer<typeof WindowSegment>

/** What the media of one run says of itself. */
export const RunShape = z.object({
  run: z.number().int(),
  codecs: z.string(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  frameRate: z.number().optional(),
})
export type RunShape = z.infer<typeof RunShape>

/** The segments of one track that exist as files, and what was measured over the whole session. */
export const TrackWindow = z.object({
  id: z.string(),
  kind: z.enum(['video', 'audio']),
  codecs: z.string(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  frameRate: z.number().optional(),
  /** Of each run that is still there: another source, or what stands in for a rung, may look different. */
  shapes: z.array(RunShape).default([]),
  peakBitsPerSecond: z.number(),
  totalBytes: z.number(),
  totalSeconds: z.number(),
  /** No part is longer. */
  partTarget: z.number().default(0),
  /** Whole ones. */
  segments: z.array(WindowSegment),
  /** The one that parts are added to. */
  growing: WindowSegment.optional(),
})
export type TrackWindow = z.infer<typeof TrackWindow>

export type WindowRules = {
  /** How much a playlist lists. */
  listedSeconds: number
  segmentSeconds: number
}

/** The window after one more part. `segment` says where it belongs, and begins a segment if none is growing. */
export function withPart(
  track: TrackWindow,
  segment: Omit<WindowSegment, 'duration' | 'bytes' | 'parts'>,
  part: WindowPart,
): TrackWindow {
  const growing = track.growing ?? { ...segment, duration: 0, bytes: 0, parts: [] }
  return {
    ...track,
    growing: {
      ...growing,
      duration: growing.duration + part.duration,
      bytes: growing.bytes + part.bytes,
      parts: [...growing.parts, part],
    },
  }
}

/** The window once its growing segment is whole, and the files nobody needs any more. */
export function withSegmentClosed(
  { growing, ...track }: TrackWindow,
  rules: WindowRules,
): { track: TrackWindow; unneeded: string[] } {
  if (!growing) return { track, unneeded: [] }
  const all = [...track.segments, growing]
  const segments = newest(all, keptSeconds(rules))
  const [young, old] = [newest(segments, 2 * partsSeconds(rules)), segments.length]
  const kept = segments.map((segment, at) => (at < old - young.length ? { ...segment, parts: [] } : segment))
  const shapes = track.shapes.filter(({ run }) => kept.some((segment) => segment.run === run))
  return {
    track: { ...track, ...measured(track, growing, rules), shapes, segments: kept },
    unneeded: unneeded(all, kept),
  }
}

/** A window, and the files that it has no more. */
export type ShortenedWindow = { track: TrackWindow; unneeded: string[] }

/** The windows when so many bytes must go, as far as a live playlist can do without (RFC 8216bis, 6.2.2). */
export function thinned(tracks: TrackWindow[], bytes: number, rules: WindowRules): ShortenedWindow[] {
  const [first = 0, ...others] = shorterWindows(rules).slice(0, -1)
  const thin = (seconds: number) => tracks.map((track) => shortened(track, seconds))
  const isEnough = (steps: ShortenedWindow[]) =>
    bytesOf(tracks) - bytesOf(steps.map(({ track }) => track)) >= bytes
  return others.reduce((steps, seconds) => (isEnough(steps) ? steps : thin(seconds)), thin(first))
}

/** What is left of a window, step by step, when room is needed: what its playlist lists, half of it, the least, hardly anything. */
export function shorterWindows({ listedSeconds, segmentSeconds }: WindowRules): number[] {
  const least = 3 * segmentSeconds
  return [listedSeconds, Math.max(listedSeconds / 2, least), least, segmentSeconds]
}

/** The window without what is older than its last so many seconds. */
export function shortened(track: TrackWindow, seconds: number): ShortenedWindow {
  const segments = newest(track.segments, seconds)
  const kept = track.growing ? [...segments, track.growing] : segments
  return { track: { ...track, segments }, unneeded: unneeded(track.segments, kept) }
}

function bytesOf(tracks: TrackWindow[]): number {
  const files = tracks.flatMap(({ segments }) => segments.flatMap((segment) => [segment, ...segment.parts]))
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** What a playlist shows. */
export function listedSegments({ segments }: TrackWindow, { listedSeconds }: WindowRules): WindowSegment[] {
  return newest(segments, listedSeconds)
}

/** RFC 8216bis, 4.4.4.9: parts are listed while they are less than three target durations from the end. */
export function partsSeconds({ segmentSeconds }: WindowRules): number {
  return 3 * segmentSeconds
}

/** RFC 8216bis, 6.2.2: a segment outlives its last playlist by that playlist's length and its own. */
function keptSeconds({ listedSeconds, segmentSeconds }: WindowRules) {
  return 2 * listedSeconds + segmentSeconds
}

/** The last segments that are together at least so long: by time, because a run may leave short ones. */
export function newest(segments: WindowSegment[], seconds: number): WindowSegment[] {
  let covered = 0
  let first = segments.length
  while (first > 0 && covered < seconds - HALF_A_FRAME_SECONDS) covered += segments[--first]?.duration ?? 0
  return segments.slice(first)
}

const HALF_A_FRAME_SECONDS = 0.02

function measured(track: TrackWindow, { bytes, duration }: WindowSegment, { segmentSeconds }: WindowRules) {
  // A peak is measured over at least half a target duration: the short first or last segment of a run is none.
  const bitsPerSecond = duration >= segmentSeconds / 2 ? (bytes * 8) / duration : 0
  return {
    peakBitsPerSecond: Math.max(track.peakBitsPerSecond, bitsPerSecond),
    totalBytes: track.totalBytes + bytes,
    totalSeconds: track.totalSeconds + duration,
  }
}

function unneeded(before: WindowSegment[], kept: WindowSegment[]): string[] {
  const files = (segments: WindowSegment[]) =>
    segments.flatMap(({ uri, init, parts }) => [...parts.map((part) => part.uri), uri, init])
  const needed = new Set(files(kept))
  return [...new Set(files(before))].filter((file) => !needed.has(file))
}
