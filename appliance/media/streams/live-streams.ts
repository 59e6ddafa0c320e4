import { randomBytes } from 'node:crypto'
import { probeSource } from '../encoder/probe-source.ts'
import type { RtmpServer } from '../ingest/rtmp-server.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import type { SessionMemory } from '../packager/package-session.ts'
import { type LiveSession, liveSession, type SessionDependencies } from './live-session.ts'
import { isSame, type PublisherId, presentPublishers } from './present-publishers.ts'
import type { PulledInput } from './session-encoder.ts'
import type { SessionState } from './session-state.ts'
import { takeUpSessions } from './take-up-sessions.ts'

type Dependencies = Omit<SessionDependencies, 'name' | 'memory' | 'state'> & {
  rtmp: Pick<RtmpServer, 'publishers' | 'drop'>
  /** Where an application's streams are pulled from. */
  urlOf: (publisher: PublisherId) => string
  /** What was asked for of a stream, beyond what holds for all. */
  settingsOf?: (name: string) => Partial<SessionDependencies['settings']> | undefined
}

/** A source that is pulled: another kind of publisher. `gone` aborts when it is wanted no more. */
type Pulled = PulledInput & { name: string; source: Source; gone: AbortSignal }

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
    const settings = { ...dependencies.settings, ...dependencies.settingsOf?.(name) }
    const session = liveSession({ ...dependencies, settings, name, memory, state })
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
    if (source && !gone.aborted) sessionFor(publisher.name).came(urlOf(publisher), source)
  }

  /** A stream goes on in its session, whatever its publisher now sends, unless that is over. */
  function sessionFor(name: string): LiveSession {
    const current = currentOf(name)
    if (current && !current.isOver()) return current
    return add(
      name,
      { session: newSessionId(), record: undefined, records: [], resumeAfter: undefined, tracks: [] },
      STARTING,
    )
  }

  async function feed({ name, source, gone, ...pulled }: Pulled) {
    await currentOf(name)?.settled()
    if (!gone.aborted) sessionFor(name).came('', source, pulled)
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
    feed: (pulled: Pulled) => void feed(pulled).catch(report),
    /** A pulled source has ended, or is away. */
    starve: (name: string) => currentOf(name)?.left(),
    publishing: publishers.names,
    /** Ends a stream for those who watch, and sends its publisher away. */
    finish(name: string) {
      publishers.dismiss(name).catch(report)
      currentOf(name)?.finish()
    },
    find: currentOf,
    isKnown: (session: string) => sessions.has(session),
    /** Also of a session that is over, as long as its files are there. */
    liveOf(name: string, session: string) {
      const found = sessions.get(session)
      return found?.name === name ? found.live : undefined
    },
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
