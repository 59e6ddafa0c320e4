import type { HistoryRepository } from './history-repository.ts'
import { mergePoints, type Point } from './points.ts'
import { unpackAll } from './roll-up.ts'

const [HOUR, DAY] = [3600, 86_400]
/** As many as a chart is wide on a phone or two. */
const MOST_POINTS = 750
/** What is finer than this nobody measures. */
const FINEST = 10

/** In seconds. */
export type Stretch = { from: number; until: number }
export type HistoryRead = Stretch & { step: number; points: Point[] }

/** The stretches that people ask for, up to now, in seconds. */
export const RANGES = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '1y': 365 * DAY,
}
export type Range = keyof typeof RANGES

export function lately(range: Range, now: Date): Stretch {
  const until = Math.ceil(now.getTime() / 1000)
  return { from: until - RANGES[range], until }
}

/** In which form that is read: coarser where it would be too much, or is no longer there. */
export function formOf({ from, until }: Stretch, now: number): 'raw' | 'minutes' | 'quarters' {
  const [length, age] = [until - from, now - from]
  if (length <= 2 * HOUR && age <= 2 * DAY) return 'raw'
  return length <= 2 * DAY && age <= 30 * DAY ? 'minutes' : 'quarters'
}

/** How long a stretch one point of a chart stands for. */
export function stepOf(stretch: Stretch, form: ReturnType<typeof formOf>): number {
  const finest = { raw: FINEST, minutes: 60, quarters: 900 }[form]
  return finest * Math.max(1, Math.ceil((stretch.until - stretch.from) / MOST_POINTS / finest))
}

/** What is not rolled up yet is read as it is, so that a chart of a year goes on until now. */
export async function readHistory(
  history: Pick<HistoryRepository, 'read' | 'rolledUpTo'>,
  nodeId: string,
  stretch: Stretch,
  now: Date,
): Promise<HistoryRead> {
  const present = now.getTime() / 1000
  const form = formOf(stretch, present)
  const step = stepOf(stretch, form)
  const [hours = 0, days = 0] = await Promise.all([history.rolledUpTo('hours'), history.rolledUpTo('days')])
  // Of the future nothing is read: its minutes are looked up one by one, and there are very many.
  const [from, until] = [stretch.from, Math.min(stretch.until, Math.ceil(present) + 60)]
  if (until <= from) return { ...stretch, step, points: [] }
  const within = (second: number) => Math.min(Math.max(second, from), until)
  const quartersEnd = form === 'quarters' ? within(days * DAY) : from
  // Raw rows are kept for two days: what the rolling up has not reached of older ones is lost.
  const minutesEnd = form === 'raw' ? from : Math.max(quartersEnd, within(hours * HOUR))
  const rows = await Promise.all([
    quartersEnd > from ? history.read('metrics_quarters', nodeId, from, quartersEnd) : [],
    minutesEnd > quartersEnd ? history.read('metrics_minutes', nodeId, quartersEnd, minutesEnd) : [],
    until > minutesEnd
      ? history.read('metrics_raw', nodeId, Math.max(minutesEnd, present - 2 * DAY), until)
      : [],
  ])
  const points = unpackAll(rows.flat()).filter(({ at }) => at >= from && at < until)
  return { ...stretch, step, points: mergePoints(points, step) }
}
