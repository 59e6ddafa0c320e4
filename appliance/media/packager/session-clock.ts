import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import type { TrackWindow } from './track-window.ts'

/** What a run leaves: its last segment's number, how often the clock had broken, and the wall time of the end. */
export type Place = { number: number; discontinuity: number; endsAt: number }

type Birth = {
  session: string
  /** The record of the session's last run, if it had one. */
  previous: SessionRecord | undefined
  /** Nothing if no run left a segment. */
  last: Place | undefined
  phase: number
  /** Its media time is the wall time `now`. */
  firstKeyFrame: number
  segmentSeconds: number
  ladder: string[]
  now: number
}

/** The record of a session's next run, made at its first key frame. The wall clock is read only here. */
export function recordOfRun({
  session,
  previous,
  last,
  phase,
  firstKeyFrame,
  segmentSeconds,
  ladder,
  now,
}: Birth): SessionRecord {
  // The session's time never goes back, even if somebody has set the clock meanwhile.
  const bornAt = Math.max(now, last?.endsAt ?? 0)
  return {
    session,
    startedAt: previous?.startedAt ?? iso(now),
    run: (previous?.run ?? 0) + 1,
    origin: iso(bornAt - firstKeyFrame * 1000),
    phase,
    segmentSeconds,
    firstNumber: last ? last.number + 1 : (previous?.firstNumber ?? 0),
    discontinuitySequence: last ? last.discontinuity + 1 : (previous?.discontinuitySequence ?? 0),
    ladder,
  }
}

/**
 * Where a session may go on that is known only by its record, because memory was lost: beyond every number that its
 * last run can have used until `now`. Nowhere, if by a clock that has lost the time (a board without a battery)
 * that run is yet to come.
 */
export function afterLostMemory(record: SessionRecord, now: number): Place | undefined {
  const ranForSeconds = (now - Date.parse(record.origin)) / 1000 - record.phase
  if (ranForSeconds < 0) return undefined
  return {
    number: record.firstNumber + Math.ceil(ranForSeconds / record.segmentSeconds),
    discontinuity: record.discontinuitySequence,
    endsAt: now,
  }
}

/** What the windows of a session say of its last run. */
export function lastPlace([track]: TrackWindow[]): Place | undefined {
  const last = track?.growing ?? track?.segments.at(-1)
  return (
    last && {
      number: last.number,
      discontinuity: last.discontinuity,
      endsAt: Date.parse(last.at) + last.duration * 1000,
    }
  )
}

/** Wall time of a moment of a run's media clock. */
export function wallTime({ origin }: SessionRecord, mediaSeconds: number): string {
  return iso(Date.parse(origin) + mediaSeconds * 1000)
}

function iso(ms: number) {
  return new Date(Math.round(ms)).toISOString()
}
