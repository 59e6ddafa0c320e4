/** Widths grow with the value: a hundredth of a millisecond at first, never more than a fiftieth of the value. */
const [FIRST_MS, GROWTH] = [0.01, 1.02]

export type Histogram = ReturnType<typeof latencyHistogram>

/** Counts latencies in a memory that does not grow with their number. */
export function latencyHistogram() {
  const counts: number[] = []
  let total = 0

  return {
    record(ms: number) {
      const at = bucketOf(ms)
      counts[at] = (counts[at] ?? 0) + 1
      total += 1
    },
    count: () => total,
    /** The value that `share` of all do not exceed, told as the upper end of its bucket; NaN of nothing. */
    percentile(share: number): number {
      let passed = 0
      for (const [at, count] of counts.entries()) {
        passed += count ?? 0
        if (passed > 0 && passed >= share * total) return FIRST_MS * GROWTH ** at
      }
      return Number.NaN
    },
  }
}

const bucketOf = (ms: number) => Math.max(0, Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH)))
