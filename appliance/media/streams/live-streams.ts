import { randomBytes } from 'node:crypto'
import { probeSource } from '../encoder/probe-source.ts'
import type { RtmpServer } from '../ingest/rtmp-server.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import type { SessionMemory } from '../packager/package-session.ts'
import { type LiveSession, liveSession, type SessionDependencies } from './live-session.ts'
import { isSame, type PublisherId, presentPublishers } from './present-publishers.ts'
import type { SessionState } from './session-state.ts'
import { takeUpSessions } from './take-up-sessions.ts'

type Dependencies = Omit<SessionDependencies, 'name' | 'memory' | 'state'> & {
  rtmp: Pick<RtmpServer, 'publishers' | 'drop'>
  /** Where an application's streams are pulled from. */
  urlOf: (publisher: PublisherId) => string
}

export type LiveStreams = ReturnType<typeof liveStreams>

/** All streams of this node: the sessions that are, were, or may come back. */
export function liveStreams(dependencies: Dependencies) {
  const { rtmp, urlOf, store, log } = dependencies
  const report = (error: unknown) => log.error('a stream is in trouble', error)
  const sessions = new Map<string, LiveSession>()
  const publishers = presentPublishers({
    rtmp,
    came: (publisher, gone) => void begin(publisher, gone).catch(report),
    left: (name) => currentOf(name)?.left(),
    // An encoder that was told of sound finds none, or does not listen for it.
    changed: ({ name, audio }) => currentOf(name)?.source()?.audio === !audio,
    log,
  })
  for (const { name, memory, state } of takeUpSessions(store)) add(name, memory, state)

  function add(name: string, memory: SessionMemory, state: SessionState) {
    const session = liveSession({ ...dependencies, name, memory, state })
    sessions.set(memory.session, session)
    return session
  }

  /** The session that a stream is in, or was in last. */
  function currentOf(name: string): LiveSession | undefined {
    return [...sessions.values()].findLast((session) => session.name === name)
  }

  async function begin(publisher: PublisherId, gone: AbortSignal) {
    const look = async () => (await rtmp.publishers()).find(isSame(publisher))
    const pictureless = () =>
      log.warn(`stream ${publisher.name} sends no picture; it is shown as soon as its encoder sends one`)
    const source = await probeSource({ look, pictureless, signal: gone })
    await currentOf(publisher.name)?.settled()
    if (source && !gone.aborted) sessionFor(publisher.name, source).came(urlOf(publisher), source)
  }

  /** A stream goes on in its session, unless that is over or had other tracks: players cannot follow there. */
  function sessionFor(name: string, source: Source): LiveSession {
    const current = currentOf(name)
    if (current && !current.isOver()) {
      if (current.fits(source)) return current
      current.supersede()
    }
    return add(
      name,
      { session: newSessionId(), record: undefined, resumeAfter: undefined, tracks: [] },
      STARTING,
    )
  }

  function tick() {
    for (const session of sessions.values()) {
      session.tick()
      // Connected, but silent until its session ended.
      if (session.isOver() && session.encoder()) publishers.dismiss(session.name).catch(report)
      if (session.state() === 'forgotten') void forget(session).catch(report)
    }
  }

  async function forget({ name, session, settled }: LiveSession) {
    sessions.delete(session)
    await settled() // a late thumbnail would make the folder again
    if (!currentOf(name)) store.removeStream(name)
  }

  /** The present, or last, session of every stream. */
  function list(): LiveSession[] {
    return [...new Map([...sessions.values()].map((session) => [session.name, session])).values()]
  }

  return {
    came: publishers.came,
    left: publishers.left,
    reconcile: publishers.reconcile,
    tick,
    find: currentOf,
    list,
    /** The process ends: sessions wait for the next one. */
    async suspend() {
      publishers.abandon()
      await Promise.all([...sessions.values()].map((session) => session.suspend()))
    },
  }
}

const STARTING: SessionState = { name: 'starting' }

function newSessionId() {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345' // 32 of them, so that every byte draws fairly
  return `s${[...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('')}`
}
