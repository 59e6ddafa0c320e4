export type Backoff = { firstMs: number; longestMs: number }

/** How long to wait after the n-th failure in a row (from 1): doubled each time, then drawn from its upper half so that a fleet never knocks in step. */
export function backoffMs(
  failures: number,
  { firstMs, longestMs }: Backoff,
  random: () => number = Math.random,
): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30))
  return full / 2 + (random() * full) / 2
}
