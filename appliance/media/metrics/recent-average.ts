/** The average of what was observed within the last `windowMs`, to a second. */
export function recentAverage(windowMs: number) {
  let recent: { second: number; sum: number; count: number }[] = []

  function forgetOld(nowMs: number) {
    if (recent[0] && recent[0].second * 1000 < nowMs - windowMs)
      recent = recent.filter(({ second }) => second * 1000 >= nowMs - windowMs)
  }

  return {
    observe(value: number, nowMs: number) {
      forgetOld(nowMs)
      const second = Math.floor(nowMs / 1000)
      if (recent.at(-1)?.second !== second) recent.push({ second, sum: 0, count: 0 })
      const present = recent.at(-1)
      if (!present) return
      present.sum += value
      present.count++
    },

    /** Absent when there was nothing. */
    read(nowMs: number): number | undefined {
      forgetOld(nowMs)
      const count = recent.reduce((total, each) => total + each.count, 0)
      return count === 0 ? undefined : recent.reduce((total, { sum }) => total + sum, 0) / count
    },
  }
}
