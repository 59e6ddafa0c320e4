import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Encoder, RunSinks } from '../encoder/run-encoder.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import type { Flaw, SegmentSet } from '../packager/package-run.ts'
import { packageSession, type SessionMemory } from '../packager/package-session.ts'
import { sessionEncoder } from './session-encoder.ts'
import { nextSession, type SessionAction, type SessionEvent, type SessionState } from './session-state.ts'
import type { SessionStore } from './session-store.ts'

type SessionSettings = {
  segmentSeconds: number
  /** Segments in a playlist. */
  listed: number
  /** How long a session waits for its publisher, and then how long its files stay. */
  staleMs: number
}

export type SessionDependencies = {
  name: string
  memory: SessionMemory
  state: SessionState
  settings: SessionSettings
  store: SessionStore
  encode: (args: string[], startRun: () => RunSinks) => Encoder
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told of each change of state and of each new segment. */
  changed: () => void
  log: Log
}

export type LiveSession = ReturnType<typeof liveSession>

/** One session of a stream. session-state.ts decides what becomes of it, this does it. */
export function liveSession(dependencies: SessionDependencies) {
  const { name, settings, store, changed, log } = dependencies
  const { session } = dependencies.memory
  const { segmentSeconds, listed, staleMs } = settings
  const rules = { silentMs: 3 * segmentSeconds * 1000, staleMs }
  const folder = store.folderOf(name)
  let { state } = dependencies

  const recorded = (record: StreamReport['record']) => store.saveRecord(name, record)
  const packager = packageSession({ ...dependencies, folder, segmentSeconds, listed, recorded, advanced })
  const broken = (flaw: Flaw) => log.warn('run cannot go on', { stream: name, session, reason: flaw })
  const encoder = sessionEncoder({ ...dependencies, folder, segmentSeconds, packager, broken })
  const { open, close, end, remove } = packager
  const act: Record<SessionAction, () => void> = { open, close, end, remove, none: () => {} }

  /** What an encoder had begun when it ended is no sign of life, nor is what it still writes after it was let go. */
  function advanced({ tail }: SegmentSet) {
    if (!tail && encoder.present()) handle('segment')
    save()
  }

  function handle(event: SessionEvent) {
    const before = state.name
    const [next, action] = nextSession(state, event, { now: performance.now(), rules })
    state = next
    act[action]()
    if (action === 'end' || action === 'remove') store.forgetRecord(name, session)
    if (state.name !== before) {
      log.info(`session ${state.name}`, { stream: name, session })
      save()
    }
    if (state.name !== before || event === 'segment') changed()
  }

  function save() {
    const { record, tracks } = packager.memory()
    if (!record || !tracks.length || state.name === 'forgotten') return
    const endedAt = state.name === 'ended' ? Date.now() - (performance.now() - state.at) : undefined
    store.save({ name, session, savedAt: Date.now(), endedAt, record, tracks })
  }

  return {
    name,
    session,
    state: () => state.name,
    isOver: () => state.name === 'ended' || state.name === 'forgotten',
    encoder: encoder.present,
    source: encoder.source,
    settled: encoder.settled,
    came: encoder.begin,
    tick: () => handle('tick'),
    left() {
      encoder.release()
      handle('left')
    },
    /** Whether a source has the tracks that this session has had so far. */
    fits({ audio }: Source) {
      const { tracks } = packager.memory()
      return !tracks.length || tracks.some(({ kind }) => kind === 'audio') === audio
    },
    /** Ends it now: its stream goes on as another session. */
    supersede() {
      state = { name: 'waiting', since: Number.NEGATIVE_INFINITY }
      handle('tick')
    },
    report(): StreamReport | undefined {
      const { record } = packager.memory()
      if (!record || state.name === 'starting' || state.name === 'forgotten') return undefined
      return { name, state: state.name, manifest: 'index.m3u8', renditions: packager.renditions(), record }
    },
    /** The process ends: nobody must find the stream, but the session goes on when it is back. */
    async suspend() {
      encoder.release()
      packager.close()
      await encoder.settled()
      save()
    },
  }
}
