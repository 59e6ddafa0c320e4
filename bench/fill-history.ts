import { gzipSync } from 'node:zlib'
import type { Database } from '../control-plane/database/database.ts'
import { historyRepository } from '../control-plane/history/history-repository.ts'
import { partitionRepository } from '../control-plane/history/partition-repository.ts'
import { type Point, packPoints, pointLine } from '../control-plane/history/points.ts'
import { SERIES } from '../control-plane/history/series.ts'

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400]
/** So many nodes differ; the others are like one of them: what a row takes is the same, and it is made in a tenth of the time. */
const KINDS = 40
const AT_ONCE = 200
/** A node tells as often. */
const EVERY_SECONDS = 5

type Filled = { hours: number; rows: number; seconds: number }

/** What these nodes would have measured: by the minute for a day, as measured in the last whole hour, by the quarter the day before. */
export async function fillHistory(db: Database, ids: string[], now: Date): Promise<Filled> {
  const history = historyRepository(db)
  const startedAt = performance.now()
  const thisHour = Math.floor(now.getTime() / 1000 / HOUR) * HOUR
  await partitionRepository(db).keepPartitions(now)
  // Nothing of it is to be rolled up by the control plane that runs beside.
  await history.saveRolledUpTo('hours', thisHour / HOUR)
  await history.saveRolledUpTo('days', Math.floor(thisHour / DAY))
  let rows = 0
  const save = async (count: number, write: (from: number, some: string[]) => Promise<unknown>) => {
    for (let from = 0; from < count; from += AT_ONCE) await write(from, ids.slice(from, from + AT_ONCE))
    rows += count
  }
  for (let hour = thisHour - DAY; hour < thisHour; hour += HOUR) {
    const packed = kinds((kind) => packPoints(walk(kind, hour, HOUR, MINUTE), hour))
    await save(ids.length, (from, some) =>
      history.saveRolled(
        'metrics_minutes',
        some.map((nodeId, at) => ({ nodeId, startsAt: hour, packed: of(packed, from + at) })),
      ),
    )
  }
  const day = (Math.floor(thisHour / DAY) - 1) * DAY
  const quarters = kinds((kind) => packPoints(walk(kind, day, DAY, 900), day))
  await save(ids.length, (from, some) =>
    history.saveRolled(
      'metrics_quarters',
      some.map((nodeId, at) => ({ nodeId, startsAt: day, packed: of(quarters, from + at) })),
    ),
  )
  for (let minute = thisHour - HOUR; minute < thisHour; minute += MINUTE) {
    const packed = kinds((kind) => rawMinute(kind, minute))
    await save(ids.length, (from, some) =>
      history.appendRaw(
        some.map((nodeId, at) => ({ nodeId, minute: minute / MINUTE, packed: of(packed, from + at) })),
      ),
    )
  }
  return { hours: 24, rows, seconds: (performance.now() - startedAt) / 1000 }
}

const kinds = (make: (kind: number) => Buffer) => Array.from({ length: KINDS }, (_, kind) => make(kind))
const of = (packed: Buffer[], at: number) => packed[at % KINDS] as Buffer

/** As it is written while it is measured. */
const rawMinute = (kind: number, minute: number) =>
  gzipSync(
    walk(kind, minute, MINUTE, EVERY_SECONDS)
      .map((point) => pointLine({ ...point, most: point.mean }, minute))
      .join(''),
  )

/** Each series goes up and down, and never stands still: what stands still packs better than the truth. */
function walk(kind: number, from: number, length: number, step: number): Point[] {
  const values = SERIES.map((_, index) => 200 + 37 * ((kind * 7 + index * 13) % 11))
  return Array.from({ length: length / step }, (_, at) => {
    const mean = values.map((value) => Math.round(value * (0.9 + 0.2 * Math.random())))
    return { at: from + at * step, mean, most: mean.map((value) => value + Math.round(20 * Math.random())) }
  })
}
