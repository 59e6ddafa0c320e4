/** Those who wait for the next change. All are woken at once; who waits no longer leaves nothing behind, however long nothing changes. */
export function waiters() {
  const waiting = new Set<() => void>()

  return {
    wake() {
      for (const wake of waiting) wake()
    },
    /** Resolves at the next change, or when `signal` aborts. */
    next: (signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        function wake() {
          waiting.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal?.addEventListener('abort', wake)
      }),
  }
}
