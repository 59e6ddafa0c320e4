import type { Beacon } from '@sixcast/shared/contract/beacon.ts'
import type { Lost } from './engine.ts'

type Seen = { stream: string; session: string; pathway: string | undefined }
type Told = Beacon extends infer Each ? (Each extends Beacon ? Omit<Each, keyof About> : never) : never
type About = { stream: string; session?: string; pathway: string }

const WATCHED_EVERY_MS = 5 * 60_000
/** Less is not seen, and decoders do it by themselves. */
const SHORTEST_STALL_MS = 100
/** Timers of a hidden page that is heard come once a minute at worst. */
const LONGEST_LOOK_MS = 61_000
const LONGEST_MS = 10 * 60_000
/** More than this in a minute say nothing new. */
const MOST_A_MINUTE = 20

/** Tells the control plane what this viewer meets with: not who he is. Where there is no steering nothing is told. */
export function openBeacons(video: HTMLVideoElement, seen: () => Seen) {
  let expectedAt: number | undefined
  let joined = false
  let stallsSince: number | undefined
  let watchedMs = 0
  let lookedAt = performance.now()
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
    tell({ what: 'join', ms: since(expectedAt) })
  }

  function stall() {
    if (joined && !video.paused && !video.seeking) stallsSince ??= performance.now()
  }

  function goOn() {
    if (stallsSince === undefined) return
    const ms = since(stallsSince)
    stallsSince = undefined
    if (ms >= SHORTEST_STALL_MS) tell({ what: 'stall', ms })
  }

  function tellWatched() {
    const seconds = Math.round(watchedMs / 1000)
    watchedMs = 0
    if (seconds > 0) tell({ what: 'watched', seconds })
  }

  video.addEventListener('loadeddata', join)
  video.addEventListener('waiting', stall)
  video.addEventListener('playing', goOn)
  window.addEventListener('pagehide', tellWatched)

  return {
    /** From now on the viewer may expect a picture. */
    expected() {
      expectedAt ??= performance.now()
    },
    /** Whether it moved since the last look, and should have. What should not does not stall. */
    looked({ moves, expected }: { moves: boolean; expected: boolean }) {
      const now = performance.now()
      if (!expected) stallsSince = undefined
      if (moves) watchedMs += Math.min(now - lookedAt, LONGEST_LOOK_MS)
      lookedAt = now
      video.dataset.pathway = seen().pathway ?? '' // for whoever measures us
      if (watchedMs >= WATCHED_EVERY_MS) tellWatched()
    },
    lost({ pathway, how }: Lost) {
      tell({ what: 'failure', how }, { ...seen(), pathway })
      video.dispatchEvent(new CustomEvent('lost', { detail: { pathway, how }, bubbles: true }))
    },
  }
}

const since = (at: number) => Math.min(LONGEST_MS, Math.round(performance.now() - at))
