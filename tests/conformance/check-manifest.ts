import type { Manifest, Period, Representation } from './parse-manifest.ts'

/** Texts carry milliseconds. */
const ROUNDING = 0.0015
const AUDIO_FRAME_SECONDS = 1024 / 48_000

/** What ISO 23009-1 does not allow in one manifest, or what players of ours need and do not find. */
export function manifestFaults(manifest: Manifest): string[] {
  const { profiles, minBuffer, periods, longestSegment } = manifest
  return [
    ...(profiles === 'urn:mpeg:dash:profile:isoff-live:2011' ? [] : [`the profile is ${profiles}`]),
    ...(periods.length ? [] : ['there is no Period']),
    ...(minBuffer > 0 ? [] : ['there is no minimum buffer']),
    ...(manifest.type === 'static' ? endedFaults(manifest) : liveFaults(manifest)),
    ...periods.flatMap((period, at) => orderFaults(periods[at - 1], period)),
    ...periods.flatMap((period) => periodFaults(period, periods[0])),
    ...periods.flatMap(({ representations }) =>
      representations.flatMap(({ id, segmentDuration, timescale }) =>
        segmentDuration / timescale <= (longestSegment ?? Number.POSITIVE_INFINITY)
          ? []
          : [`segments of ${id} are longer than maxSegmentDuration`],
      ),
    ),
  ]
}

function liveFaults(manifest: Manifest): string[] {
  const { type, startedAt, publishedAt, updatePeriod, windowSeconds, clock, latency, periods } = manifest
  return [
    ...(type === 'dynamic' ? [] : [`the type is ${type}`]),
    ...(startedAt !== undefined && publishedAt !== undefined && startedAt <= publishedAt
      ? []
      : ['it was published before its start']),
    ...(updatePeriod && windowSeconds ? [] : ['players are not told when to come back, or how far']),
    ...(clock?.scheme === 'urn:mpeg:dash:utc:http-iso:2014' && clock.url
      ? []
      : ['players are told of no clock']),
    ...(latency ? [] : ['players are told of no latency']),
    ...(manifest.duration === undefined ? [] : ['a live manifest says how long it is']),
    ...periods.flatMap(({ id, start }) => (start === undefined ? [`Period ${id} has no start`] : [])),
  ]
}

function endedFaults({ duration, periods }: Manifest): string[] {
  const sum = periods.reduce((total, period) => total + (period.duration ?? Number.NaN), 0)
  return Math.abs(sum - (duration ?? Number.NaN)) <= ROUNDING
    ? []
    : [`it says that it lasts ${duration} s, its Periods last ${sum} s`]
}

function orderFaults(before: Period | undefined, { id, start }: Period): string[] {
  if (before?.start === undefined || start === undefined) return []
  if (before.duration === undefined) return [`Period ${before.id} does not end before Period ${id}`]
  return before.start + before.duration <= start + ROUNDING ? [] : [`Period ${id} overlaps ${before.id}`]
}

/** All Periods offer the same, and all tracks of one are cut at the same moments. */
function periodFaults({ id, representations }: Period, first: Period | undefined): string[] {
  const ids = representations.map((representation) => representation.id)
  const [model] = representations
  return [
    ...(ids.join() === first?.representations.map((one) => one.id).join()
      ? []
      : [`Period ${id} offers something else than Period ${first?.id}`]),
    ...(new Set(ids).size === ids.length ? [] : [`Period ${id} has two Representations of one id`]),
    ...(representations.some(({ kind }) => kind === 'video') ? [] : [`Period ${id} has no picture`]),
    ...(representations.some(({ kind }) => kind === 'audio') ? [] : [`Period ${id} has no sound`]),
    ...representations.flatMap((one) => [
      ...(model && isCutLike(one, model) ? [] : [`${one.id} is cut at other moments in Period ${id}`]),
      ...(one.bandwidth > 0 && one.codecs ? [] : [`${one.id} is not described in Period ${id}`]),
      ...(one.media.includes('$Number$') ? [] : [`segments of ${one.id} have no number in Period ${id}`]),
    ]),
  ]
}

function isCutLike(one: Representation, other: Representation): boolean {
  return (
    one.startNumber === other.startNumber &&
    one.segmentDuration / one.timescale === other.segmentDuration / other.timescale &&
    Math.abs(one.offset / one.timescale - other.offset / other.timescale) < ROUNDING &&
    one.early === other.early
  )
}

/** What may not have happened between two looks at the manifest of a session. */
export function manifestChanges(before: Manifest, after: Manifest): string[] {
  if (before.type === 'static') return after.type === 'static' ? [] : ['an ended stream went on']
  const known = new Map(before.periods.map((period) => [period.id, period]))
  const last = Math.max(...before.periods.map(({ id }) => Number(id)), 0)
  return [
    ...after.periods.flatMap((period) => periodChanges(known.get(period.id), period, last)),
    ...(after.type === 'static' ? [] : liveChanges(before, after)),
  ]
}

function liveChanges(before: Manifest, after: Manifest): string[] {
  return [
    ...(after.startedAt === before.startedAt ? [] : ['availabilityStartTime changed']),
    ...(Number(after.publishedAt) >= Number(before.publishedAt) ? [] : ['publishTime went back']),
    ...(after.publishedAt === before.publishedAt && JSON.stringify(after) !== JSON.stringify(before)
      ? ['it changed without a new publishTime']
      : []),
  ]
}

function periodChanges(before: Period | undefined, after: Period, last: number): string[] {
  const { id } = after
  if (!before) return Number(id) > last ? [] : [`Period ${id} came after Period ${last}`]
  const [was, is] = [placeOf(before), placeOf(after)]
  const stands = after.start === undefined // told of when nothing is live any more
  return [
    ...(stands || before.start === after.start
      ? []
      : [`Period ${id} began at ${before.start}, begins at ${after.start}`]),
    ...(stands || before.duration === undefined || before.duration === after.duration
      ? []
      : [`Period ${id} lasted ${before.duration}, lasts ${after.duration}`]),
    ...Object.keys(is).flatMap((key) =>
      was[key] === is[key] || (stands && key.endsWith('from'))
        ? []
        : [`${key} was ${was[key]}, is ${is[key]}`],
    ),
  ]
}

/** Where each segment of a Period lies, and its name. */
function placeOf({ id, representations }: Period): Record<string, string> {
  return Object.fromEntries(
    representations.flatMap((one) => [
      [`${id}/${one.id} from`, `${one.startNumber} at ${one.offset}`],
      [`${id}/${one.id} number 0 at`, `${one.offset - one.startNumber * one.segmentDuration}`],
      [`${id}/${one.id} in`, `${one.init} ${one.media} ${one.segmentDuration}/${one.timescale}`],
    ]),
  )
}

export type Promised = {
  period: string
  representation: Representation
  number: number
  uri: string
  /** It is still growing: what is there comes, and then the rest. */
  growing: boolean
}

/** The segments that a player may ask for at `now`. */
export function promisedSegments(manifest: Manifest, now: number): Promised[] {
  return manifest.periods.flatMap((period) =>
    period.representations.flatMap((representation) => promisedOf(manifest, period, representation, now)),
  )
}

function promisedOf(manifest: Manifest, period: Period, representation: Representation, now: number) {
  const seconds = representation.segmentDuration / representation.timescale
  const count = Math.ceil((period.duration ?? Number.POSITIVE_INFINITY) / seconds - ROUNDING)
  const segment = (at: number, growing: boolean): Promised => ({
    period: period.id,
    representation,
    number: representation.startNumber + at,
    uri: representation.media
      .replace('$RepresentationID$', representation.id)
      .replace('$Number$', String(representation.startNumber + at)),
    growing,
  })
  if (manifest.type === 'static') return Array.from({ length: count }, (_, at) => segment(at, false))

  const elapsed = (now - (manifest.startedAt ?? 0)) / 1000 - (period.start ?? 0)
  const end = Math.min(count, Math.floor((elapsed + (representation.early ?? 0)) / seconds))
  const first = Math.max(0, Math.ceil((elapsed - (manifest.windowSeconds ?? 0)) / seconds) - 1)
  return Array.from({ length: Math.max(0, end - first) }, (_, step) =>
    segment(first + step, (first + step + 1) * seconds > elapsed),
  )
}

/** How many seconds too early or late the media of a segment begins, if that is more than a frame. */
export function misplacedBy({ representation, number }: Promised, tfdt: number): number | undefined {
  const { offset, startNumber, segmentDuration, timescale, frameRate } = representation
  const off = (tfdt - offset - (number - startNumber) * segmentDuration) / timescale
  const frame = frameRate ? 1 / frameRate : AUDIO_FRAME_SECONDS
  return Math.abs(off) <= frame + ROUNDING ? undefined : off
}
