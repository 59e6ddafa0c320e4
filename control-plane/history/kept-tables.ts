/** The three forms in which measurements are kept, from the finest to the coarsest. */
export type KeptTable = 'metrics_raw' | 'metrics_minutes' | 'metrics_quarters'

type Kept = {
  /** Whose whole number a row stands for. */
  key: 'minute' | 'hour' | 'day'
  seconds: number
  keptDays: number
  /** So many days are thrown away at once. */
  partitionDays: number
  /** Rows of one node in a day. */
  rowsPerDay: number
}

export const KEPT: Record<KeptTable, Kept> = {
  metrics_raw: { key: 'minute', seconds: 60, keptDays: 2, partitionDays: 1, rowsPerDay: 1440 },
  metrics_minutes: { key: 'hour', seconds: 3600, keptDays: 30, partitionDays: 1, rowsPerDay: 24 },
  metrics_quarters: { key: 'day', seconds: 86_400, keptDays: 730, partitionDays: 30, rowsPerDay: 1 },
}

export const KEPT_TABLES = Object.keys(KEPT) as KeptTable[]

const DAY_SECONDS = 86_400
/** So that a control plane whose clock or whose housekeeping stands still goes on writing. */
const AHEAD = 2

/** What is to be done so that today and the next days have their place, and what is old is gone. Bounds are the first number that no longer belongs. */
export function planPartitions(table: KeptTable, bounds: number[], nowSeconds: number) {
  const { seconds, keptDays, partitionDays } = KEPT[table]
  const width = (partitionDays * DAY_SECONDS) / seconds
  const present = Math.floor(nowSeconds / seconds)
  const last = Math.max(0, ...bounds)
  const wanted = Array.from({ length: AHEAD + 1 }, (_, at) => (Math.floor(present / width) + 1 + at) * width)
  const oldest = present - (keptDays * DAY_SECONDS) / seconds
  return {
    add: wanted.filter((bound) => bound > last),
    // Never all of them: a table without a partition is none. The new ones are there before the old ones go.
    drop: bounds.filter((bound) => bound <= oldest),
  }
}
