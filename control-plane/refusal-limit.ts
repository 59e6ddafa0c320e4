import { remember } from '@sixcast/shared/runtime/remember.ts'
import { household } from './addresses/addresses.ts'

export type RefusalLimit = ReturnType<typeof refusalLimit>

type Rules = { refusals: number; perMs: number; now?: () => number }

const MOST_REMEMBERED = 10_000

/** Counts refusals per household, so that whoever tries secrets is soon not even listened to. What succeeds is never counted. */
export function refusalLimit({ refusals, perMs, now = Date.now }: Rules) {
  const counts = new Map<string, { count: number; until: number }>()

  const current = (name: string) => {
    const entry = counts.get(name)
    return entry && entry.until > now() ? entry : undefined
  }

  return {
    reached: (address: string) => (current(household(address))?.count ?? 0) >= refusals,

    refused(address: string) {
      const name = household(address)
      const entry = current(name) ?? { count: 0, until: now() + perMs }
      remember(counts, name, { ...entry, count: entry.count + 1 }, MOST_REMEMBERED)
    },

    /** Takes one refusal back that was counted before its outcome was known. */
    forgive(address: string) {
      const name = household(address)
      const entry = current(name)
      if (entry) counts.set(name, { ...entry, count: entry.count - 1 })
    },
  }
}
