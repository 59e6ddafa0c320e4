import type { NodeLoad } from '@sixcast/shared/contract/heartbeat.ts'
import { REPORT_EVERY_MS, type StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { toldOnce } from '../told-once.ts'
import { type PostReport, type StreamLane, streamLane } from './stream-lane.ts'

/** Media that says nothing for three reports has died or hangs: nobody may be told that its streams are live. */
const SILENT_AFTER_MS = 3 * REPORT_EVERY_MS

export type StreamReporter = ReturnType<typeof streamReporter>

/** Hands on what media says of its sessions, as it says it, and knows what is live now. */
export function streamReporter({
  post,
  inFleet,
  returned,
  liveChanged,
  log,
  now = () => performance.now(),
}: {
  /** Sends one signed report. */
  post: PostReport
  /** Whether there is a control plane that takes reports of this node at all. */
  inFleet: () => boolean
  /** The control plane takes reports again. */
  returned: () => void
  liveChanged: () => void
  log: Log
  now?: () => number
}) {
  /** By session. */
  const lanes = new Map<string, StreamLane>()
  let streams: StreamReport[] = []
  let load: NodeLoad | undefined
  let heardAt = Number.NEGATIVE_INFINITY
  let silent = true
  let lastLive = '[]'

  function openLane(session: string): StreamLane {
    const tell = toldOnce()
    tell('accepted', () => {}) // the first success is nothing to speak of
    const lane = streamLane({
      post,
      outcome({ name, state }, answer) {
        if (answer.kind === 'accepted') return tell('accepted', () => again(name))
        const cause = answer.kind === 'refused' ? answer.code : answer.cause
        tell(cause, () => log.warn('a stream could not be reported', { stream: name, state, cause }))
      },
      now,
    })
    lanes.set(session, lane)
    return lane
  }

  function again(name: string) {
    log.info('reports arrive again', { stream: name })
    returned()
  }

  function offer(report: StreamReport) {
    const { session } = report.record
    const lane = lanes.get(session) ?? openLane(session)
    lane.offer(report)
  }

  function handOn(reported: StreamReport[]) {
    settleForgotten(new Set(reported.map(({ record }) => record.session)))
    for (const report of reported) offer(report)
  }

  /** Sessions media has forgotten need no lane, unless their end is still to be told. */
  function settleForgotten(known: Set<string>) {
    for (const [session, lane] of lanes) {
      if (known.has(session)) continue
      const end = lane.unheardEnd()
      if (end) lane.offer(end)
      else if (lane.idle()) lanes.delete(session)
    }
  }

  const isUnknown = ({ state, record }: StreamReport) =>
    state !== 'ended' && lanes.get(record.session)?.isUnknown()
  const live = () => (silent ? [] : streams.filter(({ state }) => state === 'live').map(({ name }) => name))

  function noteLive() {
    const text = JSON.stringify(live().toSorted())
    if (text !== lastLive) liveChanged()
    lastLive = text
  }

  return {
    live,
    /** What goes out to viewers; absent while media has not told it. */
    load: () => (silent ? undefined : load),
    /** Media has said something lately. */
    isSilent: () => silent,
    /** What is shown by this node, but of which the control plane has no stream. */
    unknown: () => streams.filter(isUnknown).map(({ name }) => name),
    /** What media says now: all of its sessions. */
    take(reported: StreamReport[], present?: NodeLoad) {
      streams = reported
      load = present
      heardAt = now()
      if (silent) log.info('media reports its streams')
      silent = false
      if (inFleet()) handOn(reported)
      else lanes.clear()
      noteLive()
    },
    /** To be called every second or so: silence makes no call of its own. */
    watchSilence() {
      if (silent || now() - heardAt <= SILENT_AFTER_MS) return
      silent = true
      log.warn('media is silent', { message: 'Its streams are no longer reported as live.' })
      noteLive()
    },
  }
}
