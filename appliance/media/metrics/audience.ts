import { MIRROR } from '@sixcast/shared/contract/mirror-order.ts'
import { PROBER } from '@sixcast/shared/contract/probe.ts'
import type { AccessLine } from './access-line.ts'
import { histogram } from './histogram.ts'
import { perStream } from './per-stream.ts'
import { recentAverage } from './recent-average.ts'
import { recentRate } from './recent-rate.ts'
import { recentViewers } from './recent-viewers.ts'

const WINDOW_MS = 10_000
/** From a file out of memory to a long segment over a slow line. */
const RESPONSE_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Who only looks at what there is does not watch. */
const LOOKING: AccessLine['kind'][] = ['multivariant', 'thumbnail', 'init', 'record']

/** What nginx's access log tells: who watches each stream, how many bytes left for it, and how fast. */
export function audience(isKnown: (stream: string) => boolean) {
  const requests = new Map<number, number>()
  const egress = recentRate(WINDOW_MS)
  const streams = perStream(isKnown, () => ({
    viewers: recentViewers(WINDOW_MS),
    response: recentAverage(WINDOW_MS),
    responses: new Map<AccessLine['kind'], ReturnType<typeof histogram>>(),
    egressBytes: 0,
  }))

  return {
    heard({ stream, kind, status, bytes, responseSeconds, viewer }: AccessLine, nowMs: number) {
      egress.saw(bytes, nowMs)
      requests.set(status, (requests.get(status) ?? 0) + 1)
      const of = streams.of(stream)
      if (!of) return
      of.egressBytes += bytes
      if (status >= 400) return
      if (!LOOKING.includes(kind) && !viewer.endsWith(PROBER) && !viewer.endsWith(MIRROR))
        of.viewers.saw(viewer, nowMs)
      if (responseSeconds === undefined) return
      of.response.observe(responseSeconds, nowMs)
      const responses = of.responses.get(kind) ?? histogram(RESPONSE_SECONDS)
      of.responses.set(kind, responses)
      responses.observe(responseSeconds)
    },

    /** What goes out now, copies for other nodes too, and to how many. */
    load: (nowMs: number) => ({
      viewers: streams.entries().reduce((sum, [, { viewers }]) => sum + viewers.count(nowMs), 0),
      bitsPerSecond: Math.round(8 * egress.perSecond(nowMs)),
    }),
    viewersOf: (stream: string, nowMs: number) => streams.find(stream)?.viewers.count(nowMs) ?? 0,

    /** Of the last ten seconds; absent when nobody asked for anything. */
    averageResponseMs(stream: string, nowMs: number): number | undefined {
      const seconds = streams.find(stream)?.response.read(nowMs)
      return seconds === undefined ? undefined : Math.round(seconds * 1e4) / 10
    },

    read: (nowMs: number) => ({
      requests: [...requests].map(([status, count]) => ({ status, count })),
      streams: streams.entries().map(([stream, { viewers, egressBytes, responses }]) => ({
        stream,
        viewers: viewers.count(nowMs),
        egressBytes,
        responses: [...responses].map(([kind, { read }]) => ({ kind, reading: read() })),
      })),
    }),
  }
}
export type AudienceReading = ReturnType<ReturnType<typeof audience>['read']>
