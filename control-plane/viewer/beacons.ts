import type { Beacon } from '@sixcast/shared/contract/beacon.ts'
import type { Lost } from './engine.ts'

type Seen = { stream: string; session: string; pathway: string | undefined }
type Told = Beacon extends infer Each ? (Each extends Beacon ? Omit<Each, keyof About> : never) : never
type About = { stream: string; session?: string; pathway: string }

const WATCHED_EVERY_MS = 5 * 60_000
/** Two looks: at one alone the viewer may have gone elsewhere himself. */
const SHORTEST_STALL_MS = 700
/** Timers of a hidden page that is heard come once a minute at worst. */
const LONGEST_LOOK_MS = 61_000
const LONGEST_MS = 10 * 60_000
/** More than this in a minute say nothing new. */
const MOST_A_MINUTE = 20

/** Tells the control plane what this viewer meets with: not who he is. Where there is no steering nothing is told. */
export function openBeacons(video: HTMLVideoElement, seen: () => Seen) {
  let expectedAt: number | undefined
  let joined = false
  let stood = { ms: 0, by: seen() }
  let watchedMs = 0
  let lookedAt = performance.now()
  let last = seen()
  /** The last that was played by; while a new beginning is looked for there is none. */
  let named = last
  let sent: number[] = []

  function tell(told: Told, { pathway, session, ...about } = seen()) {
    const now = performance.now()
    sent = sent.filter((at) => now - at < 60_000)
    if (!pathway || sent.length >= MOST_A_MINUTE) return
    sent.push(now)
    navigator.sendBeacon?.(
      '/beacon',
      JSON.stringify({ ...about, ...(session && { session }), pathway, ...told }),
    )
  }

  function join() {
    if (joined || expectedAt === undefined) return
    joined = true
    tell({ what: 'join', ms: Math.min(LONGEST_MS, Math.round(performance.now() - expectedAt)) })
  }

  /** By the way that it stood for want of, whichever brought it back. */
  function tellStall() {
    const { ms, by } = stood
    stood = { ms: 0, by }
    if (joined && ms >= SHORTEST_STALL_MS)
      tell({ what: 'stall', ms: Math.min(LONGEST_MS, Math.round(ms)) }, by)
  }

  function tellWatched() {
    const seconds = Math.round(watchedMs / 1000)
    watchedMs = 0
    if (seconds > 0) tell({ what: 'watched', seconds }, last)
  }

  video.addEventListener('loadeddata', join)
  window.addEventListener('pagehide', tellWatched)

  return {
    /** From now on the viewer may expect a picture. */
    expected() {
      expectedAt ??= performance.now()
    },
    /** Whether it moved since the last look, and should have. What should not does not stall. */
    looked({ moves, expected }: { moves: boolean; expected: boolean }) {
      const ms = Math.min(performance.now() - lookedAt, LONGEST_LOOK_MS)
      lookedAt = performance.now()
      if (seen().pathway !== last.pathway) tellWatched()
      last = seen()
      if (last.pathway) named = last
      if (moves) tellStall()
      if (moves) watchedMs += ms
      else stood = { ms: expected ? stood.ms + ms : 0, by: stood.ms > 0 ? stood.by : named }
      video.dataset.pathway = last.pathway ?? '' // for whoever measures us
      if (watchedMs >= WATCHED_EVERY_MS) tellWatched()
    },
    lost({ pathway, how }: Lost) {
      tell({ what: 'failure', how }, { ...seen(), pathway })
      video.dispatchEvent(new CustomEvent('lost', { detail: { pathway, how }, bubbles: true }))
    },
  }
}
