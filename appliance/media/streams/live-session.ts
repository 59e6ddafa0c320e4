import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Quality } from '../ladder/qualities.ts'
import type { Flaw } from '../packager/package-run.ts'
import { type Published, packageSession, type SessionMemory } from '../packager/package-session.ts'
import { type Encoding, sessionEncoder } from './session-encoder.ts'
import { nextSession, type SessionAction, type SessionEvent, type SessionState } from './session-state.ts'
import type { SessionStore } from './session-store.ts'

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
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told of each change of state and of each new segment. */
  changed: () => void
  /** Told in words for people what is wrong. */
  noted?: (name: string, sentence: string) => void
  /** Told of what is brought out, and of what had to go before its time. */
  observe: {
    part: (part: { stream: string; rendition: string; seconds: number; bytes: number }) => void
    segment: (segment: { stream: string; rendition: string }) => void
    dropped: (dropped: { stream: string; rendition: string; segments: number }) => void
  }
  /** Wall time, by a clock that nobody sets. */
  now: () => number
  log: Log
}

export type LiveSession = ReturnType<typeof liveSession>

/** One session of a stream. session-state.ts decides what becomes of it, this does it. */
export function liveSession(dependencies: SessionDependencies) {
  const { name, settings, store, changed, observe, log } = dependencies
  const { session } = dependencies.memory
  const { segmentSeconds, staleMs } = settings
  const rules = { silentMs: 3 * segmentSeconds * 1000, staleMs }
  const folder = store.folderOf(name)
  let { state } = dependencies
  let changedAt = new Date()
  let latencyMs: number | undefined

  const recorded = (record: StreamReport['record']) => store.saveRecord(name, record)
  const published = ({ seconds, whole, parts }: Published) => {
    for (const { rendition, bytes } of parts) {
      observe.part({ stream: name, rendition, seconds, bytes })
      if (whole) observe.segment({ stream: name, rendition })
    }
  }
  const full = (dropped: { rendition: string; segments: number }[]) => {
    for (const each of dropped) observe.dropped({ stream: name, ...each })
    noted(
      'The memory for live media is full: the oldest segments are dropped. Stream less at once, or give it more.',
    )
  }
  const packager = packageSession({
    ...dependencies,
    ...settings,
    folder,
    recorded,
    keep: save,
    advanced,
    published,
    full,
  })
  const broken = (flaw: Flaw) => {
    log.warn('run cannot go on', { stream: name, session, reason: flaw })
    dependencies.noted?.(name, `The stream began a new run: ${flaw}.`)
  }
  const noted = (sentence: string) => {
    log.warn(sentence, { stream: name, session })
    dependencies.noted?.(name, sentence)
  }
  const encoder = sessionEncoder({ ...dependencies, ...settings, folder, packager, broken, noted })
  const { open, close, end, remove } = packager
  const act: Record<SessionAction, () => void> = { open, close, end, remove, none: () => {} }

  /** What an encoder still writes after it was let go is no sign of life. */
  function advanced(whole: boolean) {
    if (!whole || !encoder.present()) return
    const last = packager.memory().tracks[0]?.segments.at(-1)
    if (last) latencyMs = Math.round(dependencies.now() - Date.parse(last.at) - last.duration * 1000)
    handle('segment')
  }

  function handle(event: SessionEvent) {
    const before = state.name
    const [next, action] = nextSession(state, event, { now: performance.now(), rules })
    state = next
    act[action]()
    if (action === 'end' || action === 'remove') store.forgetRecord(name, session)
    if (state.name !== before) {
      changedAt = new Date()
      log.info(`session ${state.name}`, { stream: name, session })
      save()
    }
    if (state.name !== before || event === 'segment') changed()
  }

  function save() {
    const { record, records, tracks } = packager.memory()
    if (!record || !tracks.length || state.name === 'forgotten') return
    const endedAt = state.name === 'ended' ? Date.now() - (performance.now() - state.at) : undefined
    store.save({ name, session, savedAt: Date.now(), endedAt, record, records, tracks })
  }

  return {
    name,
    session,
    settings,
    state: () => state.name,
    since: () => changedAt,
    latencyMs: () => (state.name === 'live' ? latencyMs : undefined),
    isOver: () => state.name === 'ended' || state.name === 'forgotten',
    live: packager.live,
    encoder: encoder.present,
    source: encoder.source,
    rungs: encoder.rungs,
    settled: encoder.settled,
    came: encoder.begin,
    tick() {
      encoder.tick()
      handle('tick')
    },
    left() {
      encoder.release()
      handle('left')
    },
    /** Ends it now: nobody waits for its publisher any more. */
    finish() {
      encoder.release()
      if (state.name === 'live') handle('left')
      if (state.name === 'waiting') state = { name: 'waiting', since: Number.NEGATIVE_INFINITY }
      handle(state.name === 'starting' ? 'left' : 'tick')
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
