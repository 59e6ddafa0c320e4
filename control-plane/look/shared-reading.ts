import { repeat } from '@sixcast/shared/runtime/repeat.ts'

export type Reading<Value> = { ok: true; value: Value } | { ok: false }
export type SharedReading<Value> = ReturnType<typeof sharedReading<Value>>

type Dependencies<Value> = {
  read: () => Promise<Value>
  /** Less often when a reading takes long: a twentieth of the time goes into it, or it is made every five seconds. */
  everyMs: number
  /** What is as before is not told again, but for now and then: what pages say of time grows old. */
  isSame?: (one: Value, other: Value) => boolean
  /** Told once when reading begins to fail, not at each further failure. */
  report: (error: unknown) => void
}

const READING_SHARE = 1 / 20
/** A database that hung for a while must not be left alone for long. */
const MOST_REST_MS = 5000
/** Together with the longest rest less than pages wait before they take themselves for old. */
const TOLD_ANYHOW_MS = 7000

/** One loop for all open pages of a process: it reads while somebody listens and rests otherwise. */
export function sharedReading<Value>({ read, everyMs, isSame = () => false, report }: Dependencies<Value>) {
  const listeners = new Set<(reading: Reading<Value>) => void>()
  let latest: Reading<Value> | undefined
  let toldAt = 0
  let loop: AbortController | undefined

  function start() {
    loop = new AbortController()
    const { signal } = loop
    let restMs = everyMs
    const tell = (reading: Reading<Value>) => {
      if (signal.aborted) return // what a loop began to read before it rested is old when the next one runs
      latest = reading
      toldAt = performance.now()
      for (const listener of listeners) listener(reading)
    }
    const failed = (error: unknown) => {
      if (latest?.ok !== false) report(error)
      tell({ ok: false })
    }
    const round = async () => {
      const startedAt = performance.now()
      const value = await read()
      const took = performance.now() - startedAt
      restMs = Math.max(everyMs, Math.min(MOST_REST_MS, took / READING_SHARE))
      const isKnown = latest?.ok && isSame(latest.value, value)
      if (!isKnown || performance.now() - toldAt >= TOLD_ANYHOW_MS) tell({ ok: true, value })
    }
    void repeat(() => restMs, round, signal, failed)
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
