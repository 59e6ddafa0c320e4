import type { HistogramReading } from '@sixcast/shared/runtime/prometheus-text.ts'

/** Counts values into buckets with the given upper bounds, in rising order. */
export function histogram(bounds: readonly number[]) {
  const counts = bounds.map(() => 0)
  let sum = 0
  let count = 0
  return {
    observe(value: number) {
      const at = bounds.findIndex((bound) => value <= bound)
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1
      sum += value
      count++
    },

    /** As Prometheus wants it: each bucket holds the ones before it. */
    read(): HistogramReading {
      let below = 0
      const buckets = bounds.map((upTo, at) => {
        below += counts[at] ?? 0
        return { upTo, count: below }
      })
      return { buckets: [...buckets, { upTo: Infinity, count }], sum, count }
    },
  }
}
