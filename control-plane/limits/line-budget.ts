/** What a node, or the relay, sends or may send. */
export type Egress = { viewers?: number; bitsPerSecond?: number }

type Line = {
  /** As an operator says. */
  limits?: { viewers?: number | null; bitsPerSecond?: number | null }
  /** What came when it was asked from outside to send all it can. */
  measured?: number | null
  /** The most that it was ever seen to send: its line takes that as well. */
  most?: number | null
}

/** A full line makes every viewer on it wait, and its owner sends something of his own now and then. */
const USABLE = 0.9

/** What a viewer takes who watches at 720p, as our ladder makes it. */
const VIEWER_BITS = 3_000_000

/** How many of them a line serves at once. */
export const viewersOver = (bitsPerSecond: number) => Math.floor((USABLE * bitsPerSecond) / VIEWER_BITS)

/** What may be sent over a node's line: no more than an operator lets it, nor than the line takes as far as that is known. */
export function lineBudget({ limits = {}, measured, most }: Line): Egress {
  const { viewers, bitsPerSecond: cap } = limits
  const line = measured ? USABLE * Math.max(measured, most ?? 0) : undefined
  const ceilings = [cap, line].filter((each) => each !== undefined && each !== null)
  return {
    ...(viewers !== undefined && viewers !== null && { viewers }),
    ...(ceilings.length > 0 && { bitsPerSecond: Math.min(...ceilings) }),
  }
}
