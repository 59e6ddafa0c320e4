import type { SessionMemory } from '../packager/package-session.ts'
import { afterLostMemory } from '../packager/session-clock.ts'
import type { RecordFile, SessionFile } from './session-file.ts'
import type { SessionState } from './session-state.ts'
import type { SessionStore } from './session-store.ts'

type TakenUp = { name: string; memory: SessionMemory; state: SessionState }

/** The sessions that this process finds at its start, the oldest first. None is live: that is seen when a segment comes. */
export function takeUpSessions(store: SessionStore): TakenUp[] {
  const { files, records } = store.takeUp()
  const lost = records.filter(({ record }) => !files.some(({ session }) => session === record.session))
  return [...files.toSorted(byAge).map(fromFile), ...lost.flatMap((file) => fromRecord(file, store))]
}

/** A session that has ended is older than one of the same stream that has not, whatever the clock said when they were saved. */
function byAge(a: SessionFile, b: SessionFile) {
  return Number(a.endedAt === undefined) - Number(b.endedAt === undefined) || a.savedAt - b.savedAt
}

function fromFile({ name, session, record, records, tracks, savedAt, endedAt }: SessionFile): TakenUp {
  const state: SessionState =
    endedAt === undefined
      ? { name: 'waiting', since: monotonic(savedAt), isOpen: true }
      : { name: 'ended', at: monotonic(endedAt) }
  return { name, state, memory: { session, record, records, resumeAfter: undefined, tracks } }
}

/** A record without its segments is from before a reboot. */
function fromRecord({ name, record }: RecordFile, store: SessionStore): TakenUp[] {
  const { session } = record
  const resumeAfter = afterLostMemory(record, Date.now())
  if (!resumeAfter) store.forgetRecord(name, session)
  const memory = { session, record, records: [], resumeAfter, tracks: [] }
  return resumeAfter ? [{ name, memory, state: { name: 'waiting', since: performance.now() } }] : []
}

/** A wall time on the clock of this process; one from the future counts as now. */
function monotonic(wallMs: number) {
  return performance.now() - Math.max(0, Date.now() - wallMs)
}
