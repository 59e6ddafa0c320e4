import type { SessionMemory } from '../packager/package-session.ts'
import { afterLostMemory } from '../packager/session-clock.ts'
import type { RecordFile, SessionFile } from './session-file.ts'
import type { SessionState } from './session-state.ts'
import type { SessionStore } from './session-store.ts'

type TakenUp = { name: string; memory: SessionMemory; state: SessionState }

/** A record without its segments is from before a reboot; after a day nobody waits for that session. */
const LONGEST_OFF_MS = 24 * 3600 * 1000

/** The sessions that this process finds at its start, the oldest first. None is live: that is seen when a segment comes. */
export function takeUpSessions(store: SessionStore): TakenUp[] {
  const { files, records } = store.takeUp()
  const kept = files.toSorted((a, b) => a.savedAt - b.savedAt).map(fromFile)
  const lost = records.filter(({ record }) => !files.some(({ session }) => session === record.session))
  for (const { name, record } of lost) if (offSince(record) > LONGEST_OFF_MS) store.forgetRecord(name)
  return [...kept, ...lost.filter(({ record }) => offSince(record) <= LONGEST_OFF_MS).map(fromRecord)]
}

function fromFile({ name, session, record, tracks, savedAt, endedAt }: SessionFile): TakenUp {
  const state: SessionState =
    endedAt === undefined
      ? { name: 'waiting', since: monotonic(savedAt) }
      : { name: 'ended', at: monotonic(endedAt) }
  return { name, state, memory: { session, record, resumeAfter: undefined, tracks } }
}

function fromRecord({ name, record }: RecordFile): TakenUp {
  return {
    name,
    state: { name: 'waiting', since: performance.now() },
    memory: {
      session: record.session,
      record,
      resumeAfter: afterLostMemory(record, Date.now()),
      tracks: [],
    },
  }
}

/** A wall time on the clock of this process; one from the future counts as now. */
function monotonic(wallMs: number) {
  return performance.now() - Math.max(0, Date.now() - wallMs)
}

function offSince({ origin, phase }: RecordFile['record']) {
  return Date.now() - Date.parse(origin) - phase * 1000
}
