import type { Generated } from 'kysely'

/** What was measured, told and seen. */
export type PastTables = {
  node_metrics: { node_id: string; metrics: string; received_at: Date }
  /** Times are whole minutes, hours and days since 1970; `points`: see points.ts of history. */
  metrics_raw: { minute: number; node_id: string; points: Uint8Array }
  metrics_minutes: { hour: number; node_id: string; points: Uint8Array }
  metrics_quarters: { day: number; node_id: string; points: Uint8Array }
  /** The first hour, or day, that is not rolled up yet. */
  metrics_rolled: { kind: 'hours' | 'days'; next: number }
  metrics_pull: {
    /** Or * for all that have no row of their own. */
    node_id: string
    pulled: boolean
    address: string | null
    port: number | null
    seconds: number
    /** A comma list; null: everything. */
    series: string | null
  }
  metrics_pull_trouble: { node_id: string; since: Date; cause: string }
  happening: {
    number: Generated<number>
    at: Date
    node_id: string
    kind: 'lost' | 'found' | 'address' | 'stream' | 'release' | 'restart' | 'fleet'
    words: string
  }
  node_seen: { node_id: string; seen: string }
  /** What players told, by minute. `bucket`: how long a join took; `total`: milliseconds of stalls, seconds watched. */
  beacon_count: {
    minute: Date
    stream_name: string
    pathway: string
    kind: string
    bucket: number
    count: number
    total: number
  }
}
