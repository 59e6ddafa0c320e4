import { gzipSync } from 'node:zlib'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { HistoryRepository, RawRow } from './history-repository.ts'
import { pointLine } from './points.ts'
import { type SeriesName, wholeNumbers } from './series.ts'

type Gathered = { text: string; last: number }
export type SampleGatherer = ReturnType<typeof gatherSamples>

type Dependencies = {
  history: Pick<HistoryRepository, 'appendRaw'>
  log: Pick<Log, 'warn'>
  report: (error: unknown) => void
  everyMs?: number
  now?: () => number
}

const WRITTEN_AT_ONCE = 300
/** While the database is away. Then the oldest are lost, and that is said. */
const MOST_MINUTES = 10

/**
 * What nodes say of themselves, until the minute is over: then it is one row for each. The broker and the pulling both bring it here.
 * A process that is killed loses the minute that it had begun.
 */
export function gatherSamples({ history, log, report, everyMs = 5000, now = Date.now }: Dependencies) {
  const stopping = new AbortController()
  const minutes = new Map<number, Map<string, Gathered>>()

  function take(nodeId: string, metrics: NodeMetrics, wanted?: ReadonlySet<SeriesName>) {
    const second = Math.floor(now() / 1000)
    const minute = Math.floor(second / 60)
    const nodes = minutes.get(minute) ?? new Map<string, Gathered>()
    minutes.set(minute, nodes)
    const { text, last } = nodes.get(nodeId) ?? { text: '', last: 0 }
    if (second === last) return // a row has an end, and a node may say as much as it likes
    const numbers = wholeNumbers(metrics, wanted)
    const line = pointLine({ at: second, mean: numbers, most: [] }, minute * 60)
    nodes.set(nodeId, { text: text + line, last: second })
  }

  async function write(before: number) {
    forgetOldest()
    for (const [minute, nodes] of minutes) {
      if (minute >= before) continue
      while (nodes.size > 0) await writeSome(minute, nodes)
      minutes.delete(minute)
    }
  }

  /** Taken out only once they are written: what fails comes again with the next round. */
  async function writeSome(minute: number, nodes: Map<string, Gathered>) {
    const some = [...nodes].slice(0, WRITTEN_AT_ONCE)
    await history.appendRaw(
      some.map(([nodeId, { text }]): RawRow => ({ minute, nodeId, packed: gzipSync(text) })),
    )
    for (const [nodeId] of some) nodes.delete(nodeId)
  }

  function forgetOldest() {
    const lost = [...minutes.keys()].slice(0, Math.max(0, minutes.size - MOST_MINUTES))
    for (const minute of lost) minutes.delete(minute)
    if (lost.length > 0)
      log.warn('measurements of the last minutes are lost: the database has been away for too long', {
        minutes: lost.length,
      })
  }

  const ended = repeat(everyMs, () => write(Math.floor(now() / 60_000)), stopping.signal, report)

  return {
    take,
    /** With the minute that has begun: the process after this one adds to it. */
    async stop() {
      stopping.abort()
      await ended
      await write(Number.POSITIVE_INFINITY).catch(report)
    },
  }
}
