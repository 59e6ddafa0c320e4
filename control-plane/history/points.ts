import { gunzipSync, gzipSync } from 'node:zlib'

/** One moment or stretch of time. In the order of SERIES, as whole numbers; undefined where nothing was measured. */
export type Point = {
  /** When it begins, in seconds. */
  at: number
  mean: (number | undefined)[]
  /** The highest of what was measured meanwhile. */
  most: (number | undefined)[]
}

/**
 * As a row holds them: a line each, first the seconds since `start`, then the mean of each series, and after ^ the most where it is
 * more. In gzip, whose files may be put one after the other and are still one: so a row can be added to without being read.
 */
export const packPoints = (points: Point[], start: number): Buffer =>
  gzipSync(points.map((point) => pointLine(point, start)).join(''))

export function pointLine({ at, mean, most }: Point, start: number): string {
  const values = mean.map((value, index) => {
    const highest = most[index]
    if (value === undefined) return ''
    return highest === undefined || highest === value ? `${value}` : `${value}^${highest}`
  })
  return `${at - start},${values.join(',').replace(/,+$/, '')}\n`
}

/** What a row of another release holds beyond what this one knows is left alone. */
export function unpackPoints(packed: Uint8Array, start: number): Point[] {
  const text = gunzipSync(packed).toString('latin1')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => readLine(line, start))
}

function readLine(line: string, start: number): Point {
  const [after = '', ...values] = line.split(',')
  const point: Point = { at: start + Number(after), mean: [], most: [] }
  for (const value of values) {
    const [mean = '', most = mean] = value.split('^')
    point.mean.push(mean === '' ? undefined : Number(mean))
    point.most.push(most === '' ? undefined : Number(most))
  }
  return point
}

/** The points of each stretch of `step` seconds as one. Stretches in which nothing was measured are left out. */
export function mergePoints(points: Point[], step: number): Point[] {
  const stretches = Map.groupBy(points, ({ at }) => Math.floor(at / step) * step)
  return [...stretches]
    .toSorted(([one], [other]) => one - other)
    .map(([at, each]) => (each.length === 1 && each[0] ? { ...each[0], at } : merged(at, each)))
}

function merged(at: number, points: Point[]): Point {
  const width = Math.max(...points.map(({ mean }) => mean.length))
  const columns = Array.from({ length: width }, (_, index) => index)
  return {
    at,
    mean: columns.map((index) => meanOf(points.map(({ mean }) => mean[index]))),
    most: columns.map((index) => mostOf(points.map(({ most }) => most[index]))),
  }
}

function meanOf(values: (number | undefined)[]) {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0
    ? undefined
    : Math.round(known.reduce((sum, each) => sum + each, 0) / known.length)
}

function mostOf(values: (number | undefined)[]) {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
