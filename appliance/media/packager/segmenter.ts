/** One fragment of a track: its bytes as the encoder wrote them (`moof` + `mdat`), times in seconds of the media clock. */
export type Fragment = { start: number; duration: number; key: boolean; bytes: Buffer[] }

/** Segment k of a run covers [phase + k·segmentSeconds, phase + (k+1)·segmentSeconds): the same for all tracks of a run. */
export type Grid = { phase: number; segmentSeconds: number }

/** A segment of one track, still growing or closed. `index` is its k on the grid. */
export type Cut = { index: number; fragments: Fragment[] }

/** Times come as whole units of a timescale and from a frame rate: they may miss the grid by this much. */
const TOLERANCE_SECONDS = 0.001

/**
 * Adds a fragment to a track's open segment. A segment closes with the fragment that reaches its end, not with the one
 * that begins the next: that is a frame earlier. What begins before the grid or runs backwards is dropped.
 */
export function addFragment(open: Cut | undefined, fragment: Fragment, grid: Grid) {
  const index = indexOnGrid(fragment.start, grid)
  if (index < (open?.index ?? 0)) return { open, closed: [] }
  const closed: Cut[] = []
  let growing = open
  if (growing && growing.index < index) {
    closed.push(growing)
    growing = undefined
  }
  growing = { index, fragments: [...(growing?.fragments ?? []), fragment] }
  if (indexOnGrid(fragment.start + fragment.duration, grid) === index) return { open: growing, closed }
  return { open: undefined, closed: [...closed, growing] }
}

export function startOf(cut: Cut): number {
  return cut.fragments[0]?.start ?? 0
}

export function durationOf(cut: Cut): number {
  return cut.fragments.reduce((sum, fragment) => sum + fragment.duration, 0)
}

function indexOnGrid(seconds: number, { phase, segmentSeconds }: Grid): number {
  return Math.floor((seconds - phase + TOLERANCE_SECONDS) / segmentSeconds)
}
