import type { Egress } from '../limits/line-budget.ts'

type Second = { second: number; viewers: number; bitsPerSecond: number }

/** Longer than two heartbeats of the usual rhythm. */
const KEPT_SECONDS = 90

/** How many viewers have been sent where lately, and what they take: nobody has counted them there yet. Of who they are nothing is kept. */
export function recentlySent(now: () => number = Date.now) {
  const sent = new Map<string, Second[]>()

  /** Kept in order, so that what is too old stands first. */
  function secondsOf(to: string): Second[] {
    const seconds = sent.get(to) ?? []
    const oldest = Math.floor(now() / 1000) - KEPT_SECONDS
    while (seconds[0] && seconds[0].second < oldest) seconds.shift()
    sent.set(to, seconds)
    return seconds
  }

  return {
    add(to: string, bitsPerSecond: number) {
      const seconds = secondsOf(to)
      const second = Math.floor(now() / 1000)
      const last = seconds.at(-1)
      if (last?.second === second) {
        last.viewers += 1
        last.bitsPerSecond += bitsPerSecond
      } else seconds.push({ second, viewers: 1, bitsPerSecond })
    },

    /** In that second and later. */
    since(to: string, at: number): Required<Egress> {
      const total = { viewers: 0, bitsPerSecond: 0 }
      if (!sent.has(to)) return total
      for (const { second, viewers, bitsPerSecond } of secondsOf(to)) {
        if (second < Math.floor(at / 1000)) continue
        total.viewers += viewers
        total.bitsPerSecond += bitsPerSecond
      }
      return total
    },
  }
}
