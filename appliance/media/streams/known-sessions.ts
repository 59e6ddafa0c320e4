import { randomBytes } from 'node:crypto'
import type { SessionMemory } from '../packager/package-session.ts'
import { type LiveSession, liveSession, type SessionDependencies } from './live-session.ts'
import type { SessionState } from './session-state.ts'
import { takeUpSessions } from './take-up-sessions.ts'

export type KnownSessionsDependencies = Omit<SessionDependencies, 'name' | 'memory' | 'state'> & {
  /** What was asked for of a stream, beyond what holds for all. */
  settingsOf?: (name: string) => Partial<SessionDependencies['settings']> | undefined
}

/** The sessions that this node remembers, the oldest first: those that it found at its start, and those that began since. */
export function knownSessions(dependencies: KnownSessionsDependencies) {
  const { store, settingsOf } = dependencies
  const sessions = new Map<string, LiveSession>()
  for (const { name, memory, state } of takeUpSessions(store)) add(name, memory, state)

  function add(name: string, memory: SessionMemory, state: SessionState) {
    const settings = { ...dependencies.settings, ...settingsOf?.(name) }
    const session = liveSession({ ...dependencies, settings, name, memory, state })
    sessions.set(memory.session, session)
    return session
  }

  /** The session that a stream is in, or was in last. */
  function currentOf(name: string): LiveSession | undefined {
    return [...sessions.values()].findLast((session) => session.name === name)
  }

  return {
    currentOf,
    all: () => [...sessions.values()],
    find: (session: string) => sessions.get(session),

    /** The present, or last, session of every stream. */
    list: () => [...new Map([...sessions.values()].map((session) => [session.name, session])).values()],

    /** A stream goes on in its session, whatever its publisher now sends, unless that is over. */
    sessionFor(name: string): LiveSession {
      const current = currentOf(name)
      if (current && !current.isOver()) return current
      const session = newSessionId()
      const memory = { session, record: undefined, records: [], resumeAfter: undefined, tracks: [] }
      return add(name, memory, { name: 'starting' })
    },

    async forget({ name, session, settled }: LiveSession) {
      sessions.delete(session)
      await settled() // a late thumbnail would make the folder again
      if (!currentOf(name)) store.removeStream(name)
    },
  }
}

function newSessionId() {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345' // 32 of them, so that every byte draws fairly
  return `s${[...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('')}`
}
