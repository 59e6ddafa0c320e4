import { type EgressRow, egressOf } from '../limits/line-budget.ts'
import type { NodeView } from './node-view.ts'

type LineRow = EgressRow & {
  claimed: string | null
  ends_at: Date | null
  line_family: 4 | 6 | null
  line_address: string | null
  line_cause: string | null
  tried_at: Date | null
}
type Egress = Pick<NodeView, 'limits' | 'line' | 'load' | 'budget'>

/** What a node sends and may send, out of its row. Of one that is silent nobody knows what it sends. */
export function nodeEgress(row: LineRow, at: Date): Egress {
  const { most_viewers: viewers, cap: bitsPerSecond } = row
  const limits = { ...(viewers !== null && { viewers }), ...(bitsPerSecond !== null && { bitsPerSecond }) }
  const { load, budget } = egressOf(row)
  const isAlive = row.ends_at !== null && row.ends_at > at
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(budget && { budget }),
    ...(isAlive && load && { load }),
    ...lineOf(row),
  }
}

/** What was measured at an address that it no longer claims says nothing. */
function lineOf({ claimed, line_family, line_address, line_cause, measured, tried_at }: LineRow) {
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
