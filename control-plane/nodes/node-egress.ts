import { lineBudget } from '../limits/line-budget.ts'
import type { NodeView } from './node-view.ts'

type EgressRow = {
  claimed: string | null
  ends_at: Date | null
  viewers: number | null
  bits_per_second: number | null
  load_viewers: number | null
  load_bits: number | null
  most_bits: number | null
  line_family: 4 | 6 | null
  line_address: string | null
  line_cause: string | null
  measured: number | null
  tried_at: Date | null
}
type Egress = Pick<NodeView, 'limits' | 'line' | 'load' | 'budget'>

/** What a node sends and may send, out of its row. */
export function egressOf(row: EgressRow, at: Date): Egress {
  const { viewers, bits_per_second: bitsPerSecond, load_viewers, load_bits, measured, most_bits: most } = row
  const limits = {
    ...(viewers !== null && { viewers }),
    ...(bitsPerSecond !== null && { bitsPerSecond }),
  }
  const budget = lineBudget({ limits, measured, most })
  const isAlive = row.ends_at !== null && row.ends_at > at
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(isAlive &&
      load_viewers !== null &&
      load_bits !== null && { load: { viewers: load_viewers, bitsPerSecond: load_bits } }),
    ...lineOf(row),
  }
}

/** What was measured at an address that it no longer claims says nothing. */
function lineOf({ claimed, line_family, line_address, line_cause, measured, tried_at }: EgressRow) {
  if (line_family === null || tried_at === null || line_address !== claimed) return {}
  return {
    line: {
      family: line_family,
      triedAt: tried_at,
      ...(measured !== null && { bitsPerSecond: measured }),
      ...(line_cause !== null && { cause: line_cause }),
    },
  }
}
