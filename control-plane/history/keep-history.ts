import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { HistoryRepository } from './history-repository.ts'
import { KEPT_TABLES } from './kept-tables.ts'
import type { PartitionRepository } from './partition-repository.ts'
import { rollUp } from './roll-up.ts'

type Dependencies = {
  history: HistoryRepository
  partitions: PartitionRepository
  /** Of several processes one does it. */
  isOurTurn: () => boolean
  log: Pick<Log, 'info'>
  report: (error: unknown) => void
  everyMs?: number
  now?: () => Date
}

/** Makes room for what will be measured, rolls up what was, and drops what is old. */
export async function keepHistory({
  history,
  partitions,
  isOurTurn,
  log,
  report,
  everyMs = 60_000,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  const { signal } = stopping
  await partitions.keepPartitions(now()) // before the first row, whoever has the turn

  async function round() {
    if (!isOurTurn()) return
    const dropped = await partitions.keepPartitions(now())
    const rolled = await rollUp({ history, signal }, now())
    if (KEPT_TABLES.some((table) => dropped[table] > 0) || rolled.days > 0)
      log.info('measurements were rolled up, and old ones removed', { ...rolled, ...dropped })
  }

  const ended = repeat(everyMs, round, signal, report)

  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}
