const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Less says nothing of a day. */
const LEAST_SPAN_MS = HOUR_MS
/** A new sample takes over after so long: a forecast looks back half a day to a whole one. */
const KEPT_MS = 12 * HOUR_MS

export type StorageSample = { at: number; usedBytes: number }

/** In how many days a disk is full that fills on as between two samples: never, if it does not fill; absent while they are too close. */
export function daysUntilFull(
  before: StorageSample,
  now: StorageSample,
  totalBytes: number,
): number | undefined {
  const span = now.at - before.at
  if (span < LEAST_SPAN_MS) return undefined
  const perDay = ((now.usedBytes - before.usedBytes) / span) * DAY_MS
  return perDay > 0 ? Math.max(0, totalBytes - now.usedBytes) / perDay : Number.POSITIVE_INFINITY
}

/**
 * Keeps two samples of each disk, the older of which is held against the present. In memory alone: after a restart the first forecast
 * takes an hour.
 */
export function storageForecasts() {
  const kept = new Map<string, { older: StorageSample; newer: StorageSample }>()
  return (key: string, now: StorageSample, totalBytes: number): number | undefined => {
    const { older, newer } = kept.get(key) ?? { older: now, newer: now }
    // Of a node that was away for long the old sample says nothing of the pace now.
    if (now.at - newer.at > 2 * KEPT_MS) kept.set(key, { older: now, newer: now })
    else if (now.at - newer.at >= KEPT_MS) kept.set(key, { older: newer, newer: now })
    else kept.set(key, { older, newer })
    return daysUntilFull(kept.get(key)?.older ?? now, now, totalBytes)
  }
}
