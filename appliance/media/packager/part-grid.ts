import type { Sample } from './mp4-fragment.ts'

/** One frame of a track as the encoder wrote it: times in seconds of the media clock, `tick` its start in units of the timescale. */
export type Fragment = {
  start: number
  duration: number
  key: boolean
  tick: number
  samples: Sample[]
  data: Buffer
}

/**
 * Where a run's tracks are cut. Segment k covers [phase + k·segmentSeconds, phase + (k+1)·segmentSeconds), part p of it
 * begins p·partSeconds later; the last part takes what is left. The same for all tracks of a run.
 */
export type Grid = { phase: number; segmentSeconds: number; partSeconds: number }

/** A part of one track, still growing or closed. `slot` counts parts from the grid's beginning. */
export type Cut = { slot: number; fragments: Fragment[] }

/** Times come as whole units of a timescale and from a frame rate: they may miss the grid by this much. */
const TOLERANCE_SECONDS = 0.001
/** A session can be watched once its first segment is there, so that is short. */
const FIRST_SEGMENT_SECONDS = 0.6

/**
 * How long a part is: whole frames, and all parts of a segment as long but the last, which may be shorter: players are
 * promised at least 85 % of the target of every other.
 */
export function partSecondsOf({
  segmentSeconds,
  partMs,
  frameRate,
}: {
  segmentSeconds: number
  partMs: number
  frameRate: number
}): number {
  const parts = Math.max(1, Math.round((segmentSeconds * 1000) / partMs))
  return Math.ceil((segmentSeconds * frameRate) / parts) / frameRate
}

type Lead = Omit<Grid, 'phase'> & {
  /** Of a source that is shown as it is: its key frames come when they come. */
  keyFrameSeconds?: number | undefined
}

/** How much of a run's first segment lies before its first key frame. The encoder makes its next key frame so much earlier. */
export function leadSecondsOf({ segmentSeconds, partSeconds, keyFrameSeconds }: Lead): number {
  const wanted = Math.max(partSeconds, FIRST_SEGMENT_SECONDS)
  const most = Math.max(0, Math.floor((segmentSeconds - wanted + TOLERANCE_SECONDS) / partSeconds))
  const leads = Array.from({ length: most + 1 }, (_, parts) => (most - parts) * partSeconds)
  return leads.find((lead) => !keyFrameSeconds || isMultiple(lead, keyFrameSeconds)) ?? 0
}

function isMultiple(seconds: number, of: number): boolean {
  return Math.abs(seconds / of - Math.round(seconds / of)) * of < TOLERANCE_SECONDS
}

export function partsPerSegment({ segmentSeconds, partSeconds }: Omit<Grid, 'phase'>): number {
  return Math.ceil((segmentSeconds - TOLERANCE_SECONDS) / partSeconds)
}

/**
 * Adds a fragment to a track's open part. A part closes with the fragment that reaches its end, not with the one that
 * begins the next: that is a frame earlier. What begins before the grid or runs backwards is dropped.
 */
export function addFragment(open: Cut | undefined, fragment: Fragment, grid: Grid) {
  const slot = slotAt(fragment.start, grid)
  if (slot < (open?.slot ?? 0)) return { open, closed: [] }
  const closed: Cut[] = []
  let growing = open
  if (growing && growing.slot < slot) {
    closed.push(growing)
    growing = undefined
  }
  growing = { slot, fragments: [...(growing?.fragments ?? []), fragment] }
  if (slotAt(fragment.start + fragment.duration, grid) === slot) return { open: growing, closed }
  return { open: undefined, closed: [...closed, growing] }
}

/** The slot in which a moment of the media clock lies. */
export function slotAt(seconds: number, grid: Grid): number {
  const { phase, segmentSeconds, partSeconds } = grid
  const parts = partsPerSegment(grid)
  // In whole microseconds: the end of a frame and the begin of the next are the same moment, however they were calculated.
  const since = Math.round((seconds - phase + TOLERANCE_SECONDS) * 1e6) / 1e6
  const segment = Math.floor(since / segmentSeconds)
  const part = Math.floor((since - segment * segmentSeconds) / partSeconds)
  return segment * parts + Math.min(part, parts - 1)
}

export function startOf([first]: Fragment[]): number {
  return first?.start ?? 0
}

export function durationOf(fragments: Fragment[]): number {
  return fragments.reduce((sum, fragment) => sum + fragment.duration, 0)
}
