import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Reading, SharedReading } from './shared-reading.ts'

const KEEP_ALIVE_MS = 15_000
const HOUR_MS = 3_600_000

type Changes<Value> = {
  of: SharedReading<Value>
  /** What this page shows of a reading; sent when it differs from what was sent last. */
  render: (value: Value) => string | Promise<string>
  /** Told when a page cannot be made: its events end then. */
  report: (error: unknown) => void
  /** After so long the connection ends and the browser opens the next, which is authorised anew. */
  longestMs?: number
}

/** Answers with server-sent events: `change` carries what the page is to show, `away` says that it cannot be read just now. */
export function sendChanges<Value>(c: Context, { of, render, report, longestMs = HOUR_MS }: Changes<Value>) {
  c.header('x-accel-buffering', 'no') // nginx would hold the events back
  // Nobody reads the body of an answer to HEAD: its events would wait for ever.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
  return streamSSE(c, async (stream) => {
    const endsAt = Date.now() + longestMs
    const readings = latestOf(of, stream)
    const write = onlyChanges(stream)
    try {
      while (!stream.aborted && Date.now() < endsAt) {
        const reading = await readings.next()
        if (!reading?.ok) await write('away', '')
        else await write('change', await render(reading.value))
      }
    } catch (error) {
      report(error)
    } finally {
      readings.stop()
    }
  })
}

/** Readings one at a time; those that came while the last was still being written are passed over but for the newest. */
function latestOf<Value>(of: SharedReading<Value>, stream: SSEStreamingApi) {
  let waiting: Reading<Value> | undefined
  let wake = new AbortController()
  const stop = of.listen((reading) => {
    waiting = reading
    wake.abort()
  })
  stream.onAbort(() => wake.abort())

  return {
    /** Absent when none came for so long that the page must not be taken for a fresh one. */
    async next() {
      if (!waiting) await sleep(KEEP_ALIVE_MS, wake.signal)
      const reading = waiting
      waiting = undefined
      wake = new AbortController()
      return reading
    },
    stop,
  }
}

function onlyChanges(stream: SSEStreamingApi) {
  let sent: string | undefined
  let wroteAt = 0
  return async (event: 'change' | 'away', data: string) => {
    const now = Date.now()
    // A connection that died silently is noticed only by writing to it.
    if (sent === event + data && now - wroteAt < KEEP_ALIVE_MS) return
    wroteAt = now
    if (sent === event + data) await stream.write(': still here\n\n')
    else await stream.writeSSE({ event, data, retry: 2000 })
    sent = event + data
  }
}
