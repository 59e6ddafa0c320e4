import * as z from 'zod'
import type { HistoryRead } from './read-history.ts'
import { SERIES, type SeriesName } from './series.ts'

/** Where nothing was measured for so many usual distances, a line has a gap. */
const GAP = 3

const numbers = z.array(z.number().nullable())

/** `GET /v1/nodes/{id}/history` */
export const ToldHistory = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** How long each of the times stands for. */
  stepSeconds: z.number(),
  /** In seconds since 1970. A gap in what was measured is one time at which all is null. */
  times: z.array(z.number()),
  series: z.array(
    z.object({ name: z.string(), words: z.string(), unit: z.string(), mean: numbers, most: numbers }),
  ),
  /** What happened to the node meanwhile; the latest, if there are very many. */
  events: z.array(z.object({ at: z.number(), words: z.string() })),
})
export type ToldHistory = z.infer<typeof ToldHistory>

/** As numbers that people read. A series of which nothing is known in that time is left out. */
export function toldHistory(
  { from, until, step, points }: HistoryRead,
  wanted: readonly SeriesName[],
  happened: { at: Date; words: string }[] = [],
): ToldHistory {
  const far = GAP * usualDistance(points.map(({ at }) => at))
  const rows = points.flatMap((point, index) => {
    const before = points[index - 1]
    const gap = before && point.at - before.at > far ? [{ at: before.at + step, mean: [], most: [] }] : []
    return [...gap, point]
  })
  return {
    from: new Date(from * 1000).toISOString(),
    until: new Date(until * 1000).toISOString(),
    stepSeconds: step,
    events: happened.map(({ at, words }) => ({ at: Math.floor(at.getTime() / 1000), words })),
    times: rows.map(({ at }) => at),
    series: SERIES.flatMap(({ name, words, unit, scale }, index) => {
      const read = (values: (number | undefined)[]) => {
        const value = values[index]
        return value === undefined ? null : value / scale
      }
      const mean = rows.map((row) => read(row.mean))
      if (!wanted.includes(name) || mean.every((each) => each === null)) return []
      return { name, words, unit, mean, most: rows.map((row) => read(row.most)) }
    }),
  }
}

/** The median. */
function usualDistance(times: number[]): number {
  const distances = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return distances.toSorted((one, other) => one - other)[Math.floor(distances.length / 2)] ?? 0
}
