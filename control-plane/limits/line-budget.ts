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

/** As the rows of lease, node_limit and node_uplink have it. */
export type EgressRow = Record<
  'load_viewers' | 'load_bits' | 'most_bits' | 'most_viewers' | 'cap' | 'measured',
  number | null
>

type Told = { load?: { viewers: number; bitsPerSecond: number }; budget?: Egress }
type Used = { load?: Egress | undefined; budget?: Egress | undefined }

export function egressOf({
  load_viewers,
  load_bits,
  most_bits: most,
  most_viewers,
  cap,
  measured,
}: EgressRow): Told {
  const budget = lineBudget({ limits: { viewers: most_viewers, bitsPerSecond: cap }, measured, most })
  return {
    ...(load_viewers !== null &&
      load_bits !== null && { load: { viewers: load_viewers, bitsPerSecond: load_bits } }),
    ...(Object.keys(budget).length > 0 && { budget }),
  }
}

/** Of that budget of which most is used; absent while neither is known. */
export function usedShare({ load, budget }: Used): number | undefined {
  const shares = (['viewers', 'bitsPerSecond'] as const).flatMap((kind) => {
    const [used, most] = [load?.[kind], budget?.[kind]]
    if (used === undefined || most === undefined) return []
    return [most > 0 ? used / most : Number.POSITIVE_INFINITY]
  })
  return shares.length > 0 ? Math.max(...shares) : undefined
}

/** Whether there is no room for one more, who takes so much. */
export function isFull({ load, budget }: Used, cost: number): boolean {
  const more = load && {
    ...(load.viewers !== undefined && { viewers: load.viewers + 1 }),
    ...(load.bitsPerSecond !== undefined && { bitsPerSecond: load.bitsPerSecond + cost }),
  }
  return (usedShare({ load, budget }) ?? 0) >= 1 || (usedShare({ load: more, budget }) ?? 0) > 1
}

/** In three steps only: who has hardly more than another is no better a choice. */
export function headroomRank(share: number | undefined): number {
  if (share === undefined) return 1
  if (share < 0.5) return 0
  return share < 0.85 ? 1 : 2
}
