import type { AddressCase } from '@sixcast/shared/contract/address-case.ts'
import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import type { Egress } from '../limits/line-budget.ts'
import type { Standing } from '../reachability/standing.ts'

/** What an operator is shown of a node. Alive and reachable are two facts: a node may beat and still be behind a closed router. */
export type NodeView = {
  id: string
  name: string
  enrolledAt: Date
  revokedAt?: Date
  release?: string
  /** The address it asks viewers to be sent to. */
  claimed?: string
  /** The one of the other family at which it can be found as well, if it says so. */
  otherAddress?: string
  /** What its addresses are good for; only of a node that claims none of them. */
  addressCase?: AddressCase
  /** Where it takes in RTMP. */
  rtmpPort?: number
  /** Its lease holds; since the first beat of the present lease, or since the last one ran out. Absent before the first beat. */
  alive?: { is: boolean; since: Date }
  /** More than one machine speaks with its key: viewers are sent to none of them until only one has spoken for a while. */
  quarantinedUntil?: Date
  /** What an operator has told it to do. Absent for one that serves and was never told anything else. */
  duty?: { is: Duty; since: Date }
  /** How much it may send, as an operator says. */
  limits?: Egress
  /** When it last beat. */
  heardAt?: Date
  /** What the last probes from outside found there, per address family. */
  reachable: { family: 4 | 6; is: boolean; since: Date; checkedAt: Date; cause?: string; remedy?: string }[]
  /** What its probes there and its lease add up to, per address family. Absent before the first look. */
  standings?: { family: 4 | 6; state: Standing; since: Date; cause?: string }[]
  /** Whether one real segment of a live stream could be fetched there from outside, when that was last tried. */
  segments?: {
    family: 4 | 6
    is: boolean
    since: Date
    checkedAt: Date
    stream: string
    bytes?: number
    milliseconds?: number
    cause?: string
  }[]
  /** What came when it was last asked from outside to send all its line takes; without a figure before that was ever done. */
  line?: { family: 4 | 6; bitsPerSecond?: number; triedAt: Date; cause?: string }
  /** What it sends to viewers, and how much that may be as far as anybody knows. */
  load?: { viewers: number; bitsPerSecond: number }
  budget?: Egress
  streams: string[]
  metrics?: NodeMetrics
  metricsAt?: Date
}
