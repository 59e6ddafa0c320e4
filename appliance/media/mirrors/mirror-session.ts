import { join } from 'node:path'
import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { isDiskFull } from '@sixcast/shared/runtime/atomic-file.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { askOrigin } from './ask-origin.ts'
import { copySession } from './copy-session.ts'
import { keepMirror } from './mirror-file.ts'
import { type MirrorAction, type MirrorEvent, type MirrorState, nextMirror } from './mirror-state.ts'
import { tellOfCopy } from './tell-of-copy.ts'

export type MirrorDependencies = {
  order: MirrorOrder
  /** The process before this one was copying it: viewers may find it until it is seen whether it goes on. */
  isTakenUp: boolean
  liveDirectory: string
  staleMs: number
  /** The address that this node claims, as far as it is known. */
  claimed?: () => string | undefined
  /** Whether what new viewers of the stream open is this session's to write. */
  isShown: () => boolean
  /** Told of each change of state and of each new segment. */
  changed: () => void
  noted: (stream: string, what: string, matter?: string) => void
  observe: {
    copied: (copied: { stream: string; parts: number; bytes: number; seconds: number }) => void
    dropped: (dropped: { stream: string; rendition: string; segments: number }) => void
    cleaned: (segments: number) => void
  }
  log: Log
}

const SILENT_SEGMENTS = 3
/** Whoever still watches here is moved meanwhile: steering is asked again every ten seconds. */
const LEAVES_WITHIN_MS = 30_000

export type MirrorSession = ReturnType<typeof mirrorSession>

/** A session of another node, copied. mirror-state.ts decides what becomes of it, copy-session.ts copies. */
export function mirrorSession(dependencies: MirrorDependencies) {
  const { staleMs, changed, log } = dependencies
  const { stream, session } = dependencies.order
  let state: MirrorState = dependencies.isTakenUp
    ? { name: 'live', segmentAt: performance.now() }
    : { name: 'starting' }
  let since = new Date()
  let leavesAt: number | undefined
  const { origin, copy, behindMs, stop } = partsOf(dependencies, handle)
  const actions: Record<MirrorAction, () => void> = {
    open: () => leavesAt ?? copy.open(),
    close: copy.close,
    end: copy.end,
    remove() {
      void stop()
      copy.remove()
    },
    none: () => {},
  }

  function handle(event: MirrorEvent) {
    const before = state.name
    const rules = { staleMs, silentMs: SILENT_SEGMENTS * copy.targetSeconds() * 1000 }
    const [next, action] = nextMirror(state, event, { now: performance.now(), rules })
    state = next
    if ('isFinal' in state && state.isFinal) void stop() // nothing comes any more
    actions[action]()
    if (state.name !== before) {
      since = new Date()
      log.info(`copy ${state.name}`, { stream, session, from: origin.from() })
    }
    if (state.name !== before || event === 'segment') changed()
  }

  return {
    stream,
    session,
    live: copy.live,
    from: origin.from,
    state: () => state,
    since: () => since,
    behindMs,
    index: copy.index,
    record: copy.record,
    isLeaving: () => leavesAt !== undefined,
    isGone: () => state.name === 'gone' || (leavesAt !== undefined && performance.now() >= leavesAt),
    follow: origin.follow,
    tick: () => handle('tick'),
    /** It is ordered, perhaps from elsewhere, perhaps again. */
    keep({ from }: MirrorOrder) {
      leavesAt = undefined
      if (from === origin.from()) return
      origin.moveTo(from)
      log.info('copy moves', { stream, session, from })
      tryToKeep(copy.folder, { stream, session, from })
    },
    /** It is ordered no more: no new viewer finds it, and who watches has time to go. */
    leave() {
      copy.close()
      leavesAt = performance.now() + LEAVES_WITHIN_MS
      changed()
    },
    report: () => reportOf(stream, leavesAt === undefined ? state : { name: 'ended' }, copy),
    async remove() {
      const stopped = stop()
      copy.remove() // at once: the same session may begin anew
      await stopped
    },
    /** The process ends: nobody must find the stream, but its copy goes on when it is back. */
    async suspend() {
      const stopped = stop()
      copy.close()
      await stopped
    },
  }
}

type Told = Pick<ReturnType<typeof copySession>, 'index' | 'record'>

function reportOf(name: string, state: Pick<MirrorState, 'name'>, copy: Told): StreamReport | undefined {
  const [index, record] = [copy.index(), copy.record()]
  if (!index || !record || state.name === 'starting' || state.name === 'gone') return undefined
  const { renditions, audio } = index
  const told = { name, state: state.name, renditions, ...(audio && { audio }), record }
  return { ...told, manifest: 'index.m3u8', role: 'mirror' }
}

/** What a copy consists of, each part told of the others. */
function partsOf(dependencies: MirrorDependencies, handle: (event: MirrorEvent) => void) {
  const { order, liveDirectory, claimed, observe } = dependencies
  const { stream } = order
  const streamFolder = join(liveDirectory, stream)
  tryToKeep(join(streamFolder, order.session), order)
  const ending = new AbortController()
  const origin = askOrigin(order.from, claimed)
  let behindMs: number | undefined
  const copy = copySession({
    ...dependencies,
    streamFolder,
    origin,
    tell: tellOfCopy({ ...dependencies, stream, from: origin.from }),
    segment: () => handle('segment'),
    closed: () => handle('closed'),
    over: () => handle('over'),
    copied({ parts, bytes, behindMs: ms }) {
      behindMs = ms
      observe.copied({ stream, parts, bytes, seconds: ms / 1000 })
    },
    full: (dropped) => {
      for (const each of dropped) observe.dropped({ stream, ...each })
      dependencies.noted(stream, FULL, 'memory')
    },
    cleaned: observe.cleaned,
    signal: ending.signal,
  })
  return {
    origin,
    copy,
    behindMs: () => behindMs,
    async stop() {
      ending.abort()
      await origin.close()
    },
  }
}

const FULL =
  'The memory for live media is full: the oldest segments are dropped. Stream less at once, or give it more.'

/** It helps the process after this one, but nothing stands still for it. */
function tryToKeep(folder: string, order: MirrorOrder) {
  try {
    keepMirror(folder, order)
  } catch (error) {
    if (!isDiskFull(error)) throw error
  }
}
