import { repeat } from '@sixcast/shared/runtime/repeat.ts'

export type Reading<Value> = { ok: true; value: Value } | { ok: false }
export type SharedReading<Value> = ReturnType<typeof sharedReading<Value>>

type Dependencies<Value> = {
  read: () => Promise<Value>
  everyMs: number
  /** Told once when reading begins to fail, not at each further failure. */
  report: (error: unknown) => void
}

/** One loop for all open pages of a process: it reads while somebody listens and rests otherwise. */
export function sharedReading<Value>({ read, everyMs, report }: Dependencies<Value>) {
  const listeners = new Set<(reading: Reading<Value>) => void>()
  let latest: Reading<Value> | undefined
  let loop: AbortController | undefined

  function start() {
    loop = new AbortController()
    const { signal } = loop
    const tell = (reading: Reading<Value>) => {
      if (signal.aborted) return // what a loop began to read before it rested is old when the next one runs
      latest = reading
      for (const listener of listeners) listener(reading)
    }
    const failed = (error: unknown) => {
      if (latest?.ok !== false) report(error)
      tell({ ok: false })
    }
    void repeat(everyMs, async () => tell({ ok: true, value: await read() }), signal, failed)
  }

  function rest() {
    loop?.abort()
    loop = undefined
    latest = undefined
  }

  return {
    /** Calls `listener` with each reading, the latest at once, until the returned function is called. */
    listen(listener: (reading: Reading<Value>) => void) {
      listeners.add(listener)
      if (latest) listener(latest)
      if (!loop) start()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) rest()
      }
    },
  }
}
