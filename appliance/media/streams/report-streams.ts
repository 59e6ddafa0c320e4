import { type LocalStreams, LocalStreamsReply } from '@sixcast/shared/contract/agent-socket.ts'
import type { MediaLimits } from '@sixcast/shared/contract/configuration.ts'
import type { NodeLoad } from '@sixcast/shared/contract/heartbeat.ts'
import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'
import { REPORT_EVERY_MS, type StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { Agent, request } from 'undici'

type Dependencies = {
  socketPath: string
  reports: () => StreamReport[]
  /** What goes out to viewers now. */
  load: () => NodeLoad
  /** What the node's configuration limits; told anew with every answer. */
  limits: { honoured: () => MediaLimits; told: (limits: MediaLimits) => boolean }
  /** Told the control plane's time, in milliseconds, as the agent knows it. */
  toldTime: (time: number) => void
  /** Told of which streams the control plane has none; they are on no page. */
  toldUnknown: (names: string[]) => void
  /** Told what this node is to copy, whenever the agent knows. */
  toldMirrors: (orders: MirrorOrder[]) => void
  /** Told the address that this node claims. */
  toldClaimed: (address: string | undefined) => void
  signal: AbortSignal
  log: Log
}

/** Tells the agent what this node has, now and again, and at once when `changed` is called. Without an agent, video goes on. */
export function reportStreams(dependencies: Dependencies) {
  const { socketPath, reports, load, limits, toldTime, toldUnknown, toldMirrors, toldClaimed, signal, log } =
    dependencies
  const dispatcher = new Agent({ connect: { socketPath, timeout: 1000 }, headersTimeout: 3000 })
  let deaf = false
  let sending = false
  let stale = false

  async function changed() {
    stale = true
    if (sending) return
    sending = true
    while (stale && !signal.aborted) {
      stale = false
      await send().then(heard, unheard)
    }
    sending = false
  }

  async function send() {
    const body: LocalStreams = { streams: reports(), load: load(), limits: limits.honoured() }
    const { statusCode, body: answer } = await request('http://agent/streams', {
      dispatcher,
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (statusCode >= 300) throw new Error(`the agent answered ${statusCode}`)
    const { time, unknown, mirrors, ...told } = text ? LocalStreamsReply.parse(JSON.parse(text)) : {} // an older agent says nothing
    if (time) toldTime(Date.parse(time))
    toldUnknown(unknown ?? [])
    toldClaimed(told.claimed)
    if (mirrors) toldMirrors(mirrors)
    if (limits.told(told.limits ?? {})) stale = true // the agent waits to hear that they are honoured
  }

  function heard() {
    if (deaf) log.info('the agent takes reports again')
    deaf = false
  }

  function unheard(error: unknown) {
    if (!deaf) log.warn('the agent takes no reports', { cause: describe(error) })
    deaf = true
  }

  void repeat(REPORT_EVERY_MS, changed, signal, unheard)
  return changed
}
