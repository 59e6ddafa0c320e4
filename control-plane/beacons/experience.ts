import type { BeaconCount } from './beacon-count.ts'
import { msOfBucket } from './join-bucket.ts'

/** What viewers met with, as far as their players told. */
export type Experience = {
  joins: number
  /** Absent while nobody has joined. */
  medianJoinMs?: number
  p95JoinMs?: number
  viewerHours: number
  stalls: number
  /** Absent while hardly anything was watched. */
  stallsPerViewerHour?: number
  failures: Failures[]
}

export type Failures = { pathway: string; refused: number; timeout: number; error: number }

/** Of less than this a rate would say nothing. */
const LEAST_HOURS = 0.05

export function experienceOf(counts: BeaconCount[]): Experience {
  const of = (kind: BeaconCount['kind']) => counts.filter((each) => each.kind === kind)
  const joins = of('join').sort((a, b) => a.bucket - b.bucket)
  const viewerHours = sum(of('watched'), 'total') / 3600
  const stalls = sum(of('stall'), 'count')
  return {
    joins: sum(joins, 'count'),
    ...(joins.length > 0 && { medianJoinMs: quantile(joins, 0.5), p95JoinMs: quantile(joins, 0.95) }),
    viewerHours: Math.round(viewerHours * 100) / 100,
    stalls,
    ...(viewerHours >= LEAST_HOURS && {
      stallsPerViewerHour: Math.round((100 * stalls) / viewerHours) / 100,
    }),
    failures: [...Map.groupBy(counts, ({ pathway }) => pathway)].flatMap(([pathway, told]) =>
      failuresOf(pathway, told),
    ),
  }
}

function failuresOf(pathway: string, told: BeaconCount[]): Failures[] {
  const many = (kind: BeaconCount['kind']) =>
    sum(
      told.filter((each) => each.kind === kind),
      'count',
    )
  const failures = { pathway, refused: many('refused'), timeout: many('timeout'), error: many('error') }
  return failures.refused + failures.timeout + failures.error > 0 ? [failures] : []
}

const sum = (counts: BeaconCount[], of: 'count' | 'total') => counts.reduce((all, each) => all + each[of], 0)

function quantile(joins: BeaconCount[], share: number): number {
  let left = share * sum(joins, 'count')
  for (const { bucket, count } of joins) {
    left -= count
    if (left <= 0) return msOfBucket(bucket)
  }
  return msOfBucket(joins.at(-1)?.bucket ?? 0)
}
