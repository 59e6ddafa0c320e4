import { household } from './addresses.ts'

type Rules = { perHousehold: number; overall?: number; perMs: number; now?: () => number }

const MOST_REMEMBERED = 10_000

/** So many of something are admitted from a household in a time, and so many from all of them together. */
export function householdLimit({
  perHousehold,
  overall = Number.POSITIVE_INFINITY,
  perMs,
  now = Date.now,
}: Rules) {
  let admitted = new Map<string, number>()
  let all = 0
  let until = Number.NEGATIVE_INFINITY

  function begin() {
    admitted = new Map()
    all = 0
    until = now() + perMs
  }

  return {
    /** Counts one, and says whether it is. */
    admits(address: string): boolean {
      if (now() >= until) begin()
      const name = household(address)
      const count = (admitted.get(name) ?? 0) + 1
      if (!admitted.has(name) && admitted.size >= MOST_REMEMBERED) return false
      admitted.set(name, count)
      if (count > perHousehold || all >= overall) return false
      all += 1
      return true
    },
  }
}
