/**
 * As long as nginx-rtmp itself keeps a publisher waiting: until the control plane has answered, a half-dead one before him is
 * gone, and his player has joined. What claims more has a clock that jumped.
 */
const LONGEST_DELAY_MS = 10_000

/**
 * When a picture would have come if nothing had held it up. The first one of a publisher has waited until he was let in, while
 * his clock went on; what comes behind it catches up, and whatever comes quickest for its time stamp tells.
 */
export function firstArrival(firstMs: number, firstAt: number) {
  let at = firstAt

  return {
    saw(ms: number, now: number) {
      const told = now - (ms - firstMs)
      if (told > firstAt - LONGEST_DELAY_MS) at = Math.min(at, told)
    },
    at: () => at,
  }
}
export type FirstArrival = ReturnType<typeof firstArrival>
