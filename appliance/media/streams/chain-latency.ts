/** A stretch of media has come out: where it ends by the wall clock of its run, and when that was, in milliseconds. */
type Out = { run: number; endsAt: number; now: number }

/**
 * How much later a session's media comes out than the quickest of its run did. By the run's own clock, which is set at its
 * first frame, a run that began late would seem to be early for ever.
 */
export function chainLatency() {
  let quickest: { run: number; ms: number } | undefined
  let latencyMs: number | undefined

  return {
    cameOut({ run, endsAt, now }: Out) {
      const ms = now - endsAt
      if (quickest?.run !== run || ms < quickest.ms) quickest = { run, ms }
      latencyMs = Math.round(ms - quickest.ms)
    },
    ms: () => latencyMs,
  }
}
