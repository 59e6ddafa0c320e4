import { median, percentile } from './percentiles.ts'

/** A frame on the screen: when it was shown, and when it had been painted, if its blocks could be read. In ms since 1970. */
export type ShownFrame = { shownAt: number; paintedAt?: number | undefined }

export type Viewing = {
  medianMs: number
  p95Ms: number
  longestMs: number
  /** How often the picture stood still for longer than a viewer forgives. */
  stalls: number
  longestGapMs: number
  frames: number
  /** Frames whose blocks did not check. */
  unread: number
}

const STALL_MS = 250

/** What a viewer saw between `from` and `until`: a picture that stands at either end stood since then, or until then. */
export function describeViewing(frames: ShownFrame[], from: number, until: number): Viewing {
  const latencies = frames.flatMap(({ shownAt, paintedAt }) =>
    paintedAt === undefined ? [] : [shownAt - paintedAt],
  )
  const moments = [from, ...frames.map(({ shownAt }) => shownAt), until]
  const gaps = moments.slice(1).map((moment, at) => moment - (moments[at] ?? moment))
  return {
    medianMs: median(latencies),
    p95Ms: percentile(latencies, 0.95),
    longestMs: percentile(latencies, 1),
    stalls: gaps.filter((gap) => gap > STALL_MS).length,
    longestGapMs: Math.max(...gaps),
    frames: frames.length,
    unread: frames.length - latencies.length,
  }
}
