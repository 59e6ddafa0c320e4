import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'

/** How one attempt to tell something went. `refused`: it will not be otherwise next time. */
export type Outcome = { is: 'sent'; words: string } | { is: 'failed' | 'refused'; words: string }

/** So long a mail server or a program may be away. */
export const GIVEN_UP_MS = 24 * 3_600_000
const BACKOFF = { firstMs: 10_000, longestMs: 15 * 60_000 }

/** When it is tried again after so many failures; absent: never. */
export function nextAttempt(
  { is }: Pick<Outcome, 'is'>,
  attempts: number,
  ageMs: number,
  random: () => number = Math.random,
): number | undefined {
  if (is !== 'failed' || ageMs >= GIVEN_UP_MS) return undefined
  return backoffMs(attempts, BACKOFF, random)
}
