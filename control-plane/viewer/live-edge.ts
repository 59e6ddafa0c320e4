/** Where the picture stands against the live edge, as the engine knows it. In seconds. */
export type Delay = {
  /** From the newest that is published to the present picture. */
  behindEdge: number
  /** What the playlist asks for (PART-HOLD-BACK or HOLD-BACK); absent while it is not known. */
  target?: number | undefined
  segment?: number | undefined
  /** When the present picture was taken, in ms since 1970. */
  takenAt?: number | undefined
}

/** A camera's clock or the viewer's may be wrong: more than this beyond the edge is not the way of the picture. */
const LONGEST_WAY_S = 10

/** How old the picture is. Where the clocks disagree, only the distance to the edge is known. */
export function trueDelay({ behindEdge, takenAt }: Delay, now: number): number {
  const age = takenAt === undefined ? Number.NaN : (now - takenAt) / 1000
  const credible = age >= behindEdge - 0.5 && age <= behindEdge + LONGEST_WAY_S
  return credible ? Math.max(0, age) : behindEdge
}

/** So far behind that a viewer should see it. */
export const isBehind = ({ behindEdge, target }: Delay): boolean =>
  target !== undefined && behindEdge > 2 * target

/** Farther behind than hls.js makes good by playing faster: it takes whoever fell back so far for somebody who wanted to. */
export const isLost = ({ behindEdge, target, segment }: Delay): boolean =>
  target !== undefined && behindEdge > 2 * target + (segment ?? 0)
