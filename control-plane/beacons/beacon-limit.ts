import { household } from '../addresses/addresses.ts'

type Rules = { perHousehold: number; overall: number; perMs: number; now?: () => number }

const MOST_REMEMBERED = 10_000

/** So many beacons are heard from a household, and from all of them together; the rest is not even read. */
export function beaconLimit({ perHousehold, overall, perMs, now = Date.now }: Rules) {
  let heard = new Map<string, number>()
  let all = 0
  let until = Number.NEGATIVE_INFINITY

  function begin() {
    heard = new Map()
    all = 0
    until = now() + perMs
  }

  return {
    /** Counts one, and says whether it is heard. */
    admits(address: string): boolean {
      if (now() >= until) begin()
      const name = household(address)
      const count = (heard.get(name) ?? 0) + 1
      if (!heard.has(name) && heard.size >= MOST_REMEMBERED) return false
      heard.set(name, count)
      if (count > perHousehold || all >= overall) return false
      all += 1
      return true
    },
  }
}
