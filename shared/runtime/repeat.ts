/**
 * Runs `task` every `ms` until `signal` aborts. Runs never overlap; a failed one is reported and the next still comes.
 * `ms` may be a function, so that a beat can carry jitter.
 */
export async function repeat(
  ms: number | (() => number),
  task: () => Promise<void>,
  signal: AbortSignal,
  report: (error: unknown) => void,
) {
  while (!signal.aborted) {
    await task().catch(report)
    await sleep(typeof ms === 'function' ? ms() : ms, signal)
  }
}

/** Resolves after `ms`, or at once when `signal` aborts. The global timer, because fake timers do not reach node:timers/promises. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done) // a long-lived signal would gather one listener per wait
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
