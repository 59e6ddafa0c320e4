import { join } from 'node:path'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { runReports } from '../encoder/run-reports.ts'
import type { LadderLimits } from '../ladder/node-limits.ts'
import type { Quality } from '../ladder/qualities.ts'
import { packageSession, type SessionMemory } from '../packager/package-session.ts'
import { lastPlace } from '../packager/session-clock.ts'
import { chainLatency } from './chain-latency.ts'
import { keptRuns } from './kept-runs.ts'
import type { KnownSources } from './known-sources.ts'
import { type Encoding, sessionEncoder } from './session-encoder.ts'
import type { SessionFile } from './session-file.ts'
import { sessionLife } from './session-life.ts'
import type { SessionAction, SessionState } from './session-state.ts'
import type { SessionStore } from './session-store.ts'
import type { NoteProblem } from './stream-problems.ts'
import { tellOfAbsence } from './tell-of-absence.ts'
import { type Observe, tellOfSession } from './tell-of-session.ts'

type SessionSettings = {
  segmentSeconds: number
  partMs: number
  lowLatency: boolean
  /** Segments in a playlist. */
  listed: number
  /** How long a session waits for its publisher, and then how long its files stay. */
  staleMs: number
  qualities?: Quality[] | undefined
  /** Whether new viewers are given a multivariant playlist, and a DASH manifest. */
  hls: boolean
  dash: boolean
}

export type SessionDependencies = {
  name: string
  memory: SessionMemory
  state: SessionState
  settings: SessionSettings
  store: SessionStore
  encoding: Encoding
  /** What its operator lets the node make of a stream that begins now. */
  limits?: () => LadderLimits
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told of each change of state and of each new segment. */
  changed: () => void
  /** Told in words for people what is wrong. */
  noted?: NoteProblem
  observe: Observe
  /** Wall time, by a clock that nobody sets. */
  now: () => number
  log: Log
}

export type LiveSession = ReturnType<typeof liveSession>

/** One session of a stream. session-state.ts decides what becomes of it, its parts do it. */
export function liveSession(dependencies: SessionDependencies) {
  const { name, settings } = dependencies
  const { session } = dependencies.memory
  const { packager, encoder, reports, life, absence, keep, latencyMs } = partsOf(dependencies)

  return {
    name,
    session,
    settings,
    state: () => life.state().name,
    since: life.since,
    /** The latest wall time, in milliseconds, that its playlists tell of. */
    toldUntil: () => lastPlace(packager.memory().tracks)?.endsAt ?? Number.NEGATIVE_INFINITY,
    latencyMs: () => (life.state().name === 'live' ? latencyMs() : undefined),
    isOver: () => ['ended', 'forgotten'].includes(life.state().name),
    live: packager.live,
    measured: packager.measured,
    encoder: encoder.present,
    source: encoder.source,
    rungs: encoder.rungs,
    copied: encoder.copied,
    /** The last runs of its encoder, the latest last. */
    runs: reports.all,
    settled: encoder.settled,
    came(...fed: Parameters<typeof encoder.begin>) {
      life.handle('came')
      absence.came()
      encoder.begin(...fed)
    },
    tick() {
      encoder.tick()
      life.handle('tick')
    },
    left() {
      encoder.release()
      life.handle('left')
    },
    /** Ends it now: nobody waits for its publisher any more. */
    finish() {
      encoder.release()
      life.finish()
    },
    report(): StreamReport | undefined {
      const { record } = packager.memory()
      const state = life.state()
      if (!record || state.name === 'starting' || state.name === 'forgotten') return undefined
      const [renditions, audio] = [packager.renditions(), packager.audio()]
      return { name, state: state.name, manifest: 'index.m3u8', renditions, ...(audio && { audio }), record }
    },
    /** The process ends: nobody must find the stream, but the session goes on when it is back. */
    async suspend() {
      encoder.release()
      packager.close()
      await encoder.settled()
      keep()
    },
  }
}

/** What a session consists of, each part told of the others. */
function partsOf(dependencies: SessionDependencies) {
  const { name, settings, store, changed, log } = dependencies
  const { session } = dependencies.memory
  const { segmentSeconds, staleMs } = settings
  const rules = { silentMs: 3 * segmentSeconds * 1000, staleMs }
  const folder = store.folderOf(name)
  const latency = chainLatency()
  const tell = tellOfSession({ ...dependencies, session })
  const packager = packageSession({
    ...dependencies,
    ...settings,
    folder,
    recorded,
    keep: save,
    advanced,
    published: tell.published,
    full: tell.full,
    cleaned: tell.cleaned,
  })
  const reports = runReports(keptRuns(join(folder, session), log))
  const encoder = sessionEncoder({
    ...dependencies,
    ...settings,
    folder,
    packager,
    reports,
    sources: sourcesOf(dependencies),
    broken: tell.broken,
    noted: tell.noted,
  })
  const { open, close, end, remove } = packager
  const act: Record<SessionAction, () => void> = { open, close, end, remove, none: () => {} }

  const life = sessionLife({ state: dependencies.state, rules, acted, turned })
  const absence = tellOfAbsence({
    staleMs,
    noted: (sentence) => dependencies.noted?.(name, sentence, 'absence'),
  })
  if (dependencies.state.name === 'waiting') absence.takenUp(dependencies.state.since)

  function recorded(record: StreamReport['record']) {
    tell.began()
    store.saveRecord(name, record)
  }

  /** What an encoder still writes after it was let go, or was told to end, is no sign of life. */
  function advanced(whole: boolean) {
    const state = encoder.present()?.state().name
    if (!state || state === 'stopping') return
    const [track] = packager.memory().tracks
    const last = track?.growing ?? track?.segments.at(-1)
    const endsAt = last && Date.parse(last.at) + last.duration * 1000
    if (endsAt) latency.cameOut({ run: last.run, endsAt, now: dependencies.now() })
    if (!whole) return
    life.handle('segment')
    changed()
  }

  function acted(action: SessionAction) {
    act[action]()
    if (action === 'end' || action === 'remove') store.forgetRecord(name, session)
  }

  function turned(state: SessionState, isOrdered: boolean) {
    log.info(`session ${state.name}`, { stream: name, session })
    if (!isOrdered) absence.turned(state.name, encoder.present() !== undefined)
    keep()
    changed()
  }

  function save() {
    const file = fileOf(name, packager.memory(), life.state())
    if (file) store.save(file)
  }

  const keep = () => tryTo(save, dependencies, 'the state of a session could not be kept')

  return { packager, encoder, reports, life, absence, keep, latencyMs: latency.ms }
}

/** What the next process goes on from; nothing if nobody has seen anything of it, or nobody can any more. */
function fileOf(
  name: string,
  { session, record, records, tracks }: SessionMemory,
  state: SessionState,
): SessionFile | undefined {
  if (!record || !tracks.length || state.name === 'forgotten') return undefined
  const endedAt = state.name === 'ended' ? Date.now() - (performance.now() - state.at) : undefined
  return { name, session, savedAt: Date.now(), endedAt, record, records, tracks }
}

function sourcesOf(dependencies: SessionDependencies): KnownSources {
  const { sources } = dependencies.store
  return {
    of: sources.of,
    keep: (...known) =>
      tryTo(() => sources.keep(...known), dependencies, 'what is known of a source could not be kept'),
  }
}

/** What is kept helps later, but no stream stands still for it. */
function tryTo(keep: () => void, { name, log }: SessionDependencies, failure: string) {
  try {
    keep()
  } catch (error) {
    log.error(failure, error, { stream: name })
  }
}
