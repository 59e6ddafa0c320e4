import { gzipSync } from 'node:zlib'
import type { HistoryRepository, PackedPoints } from './history-repository.ts'
import { mergePoints, type Point, packPoints, pointLine, unpackPoints } from './points.ts'

const [MINUTE, QUARTER, HOUR, DAY] = [60, 900, 3600, 86_400]
/** A minute is written some seconds after it is over, or as soon as the database is back: ten minutes later at most, then it is lost. */
const GRACE_SECONDS = 720
/** So many nodes' hours are held at once: a large fleet's whole hour would be hundreds of megabytes. */
const NODES_AT_ONCE = 1000
const SAVED_AT_ONCE = 100

type Rolling = { history: HistoryRepository; signal: AbortSignal }

/** Rolls up whatever is over by now, and goes on where it was broken off. */
export async function rollUp(
  { history, signal }: Rolling,
  now: Date,
): Promise<{ hours: number; days: number }> {
  const seconds = now.getTime() / 1000
  const rolled = { hours: 0, days: 0 }
  const hoursEnd = Math.floor((seconds - GRACE_SECONDS) / HOUR)
  for (let hour = await firstToRoll(history, 'hours', hoursEnd); hour < hoursEnd; hour++) {
    await rollHour({ history, signal }, hour)
    if (signal.aborted) return rolled
    await history.saveRolledUpTo('hours', hour + 1)
    rolled.hours += 1
  }
  const daysEnd = Math.floor(hoursEnd / 24)
  for (let day = await firstToRoll(history, 'days', daysEnd); day < daysEnd; day++) {
    await rollDay({ history, signal }, day)
    if (signal.aborted) return rolled
    await history.saveRolledUpTo('days', day + 1)
    rolled.days += 1
  }
  return rolled
}

/** Where it had come to, or, when nothing was measured for a long time, where there is something again. */
async function firstToRoll(history: HistoryRepository, kind: 'hours' | 'days', end: number): Promise<number> {
  const [table, seconds] =
    kind === 'hours' ? (['metrics_raw', HOUR] as const) : (['metrics_minutes', DAY] as const)
  const [next = 0, oldest] = await Promise.all([history.rolledUpTo(kind), history.oldest(table)])
  return Math.max(next, oldest === undefined ? end : Math.floor(oldest / seconds))
}

async function rollHour({ history, signal }: Rolling, hour: number): Promise<void> {
  const startsAt = hour * HOUR
  const measured = await history.listMeasured('metrics_raw', startsAt, startsAt + HOUR)
  for (const ids of inParts(measured, NODES_AT_ONCE)) {
    const texts = await minutesOf({ history, signal }, hour, [ids[0] ?? '', ids.at(-1) ?? ''])
    if (signal.aborted) return
    const rows = [...texts].map(([nodeId, text]) => ({ nodeId, startsAt, packed: gzipSync(text) }))
    for (const some of inParts(rows, SAVED_AT_ONCE)) await history.saveRolled('metrics_minutes', some)
  }
}

/** Each minute as the line that it will be: that is far smaller than its points. */
async function minutesOf({ history, signal }: Rolling, hour: number, ids: [string, string]) {
  const texts = new Map<string, string>()
  for (let minute = hour * 60; minute < (hour + 1) * 60 && !signal.aborted; minute++)
    for (const { nodeId, packed } of await history.readMinute(minute, ids)) {
      const [merged] = mergePoints(unpackPoints(packed, minute * MINUTE), MINUTE)
      if (merged) texts.set(nodeId, (texts.get(nodeId) ?? '') + pointLine(merged, hour * HOUR))
    }
  return texts
}

async function rollDay({ history, signal }: Rolling, day: number): Promise<void> {
  const startsAt = day * DAY
  for (const ids of inParts(
    await history.listMeasured('metrics_minutes', startsAt, startsAt + DAY),
    SAVED_AT_ONCE,
  )) {
    if (signal.aborted) return
    const rows = []
    for (const nodeId of ids) {
      const points = unpackAll(await history.read('metrics_minutes', nodeId, startsAt, startsAt + DAY))
      rows.push({ nodeId, startsAt, packed: packPoints(mergePoints(points, QUARTER), startsAt) })
    }
    await history.saveRolled('metrics_quarters', rows)
  }
}

export const unpackAll = (rows: PackedPoints[]): Point[] =>
  rows.flatMap(({ startsAt, packed }) => unpackPoints(packed, startsAt))

function* inParts<Item>(items: Item[], size: number) {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
