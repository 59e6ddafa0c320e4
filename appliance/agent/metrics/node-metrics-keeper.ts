import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { MeasureMetrics } from './measure-metrics.ts'

const MEASURE_EVERY_MS = 5000

export type MetricsKeeper = ReturnType<typeof keepMetrics>

/** Measures every few seconds and keeps the newest, so that asking costs nothing. */
export function keepMetrics({
  measure,
  measured,
  report,
  signal,
  everyMs = MEASURE_EVERY_MS,
}: {
  measure: MeasureMetrics
  measured: (metrics: NodeMetrics) => void
  report: (error: unknown) => void
  signal: AbortSignal
  everyMs?: number
}) {
  let latest: NodeMetrics | undefined

  async function round() {
    latest = NodeMetrics.parse(await measure())
    measured(latest)
  }

  void repeat(everyMs, round, signal, report)
  return { latest: () => latest }
}
