import { monitorEventLoopDelay } from 'node:perf_hooks'

const LATE_MS = 200
const LOOK_EVERY_MS = 500

/** Whether this process has more to do than it can: everything it is asked for waits longer than players do. */
export function eventLoopDelay(now: () => number = () => performance.now()) {
  const delays = monitorEventLoopDelay({ resolution: 20 })
  delays.enable()
  let lookedAt = now()
  let late = false

  return {
    isLate(): boolean {
      if (now() - lookedAt < LOOK_EVERY_MS) return late
      late = delays.mean / 1e6 > LATE_MS // one long pause among many short ones is none
      lookedAt = now()
      delays.reset()
      return late
    },
  }
}
