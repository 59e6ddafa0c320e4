import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import { keepLastLines } from './last-lines.ts'
import type { Progress } from './read-progress.ts'
import type { RunReport } from './run-reports.ts'

export type RunAccount = ReturnType<typeof runAccount>

/** Speed is read over the last seconds: over fewer it jumps, over more it tells too late. */
const WINDOW_MS = 4000
const SHORTEST_WINDOW_MS = 2000
/** A frame more or less of a window. */
const INACCURACY = 0.02
const NOTHING: Progress = { mediaSeconds: 0, frames: 0, droppedFrames: 0, repeatedFrames: 0 }

type Sample = { at: number; mediaSeconds: number; handedSeconds: number }
type Clocks = {
  /** Up to where it was given media, in milliseconds, if that is known. */
  handedMs?: (() => number) | undefined
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number
}

/** What is known of one start of an encoder. */
export function runAccount(command: string[], { handedMs, now = () => performance.now() }: Clocks = {}) {
  const startedAt = new Date().toISOString()
  const lines = keepLastLines()
  let samples: Sample[] = []
  let progress = NOTHING
  let reason: string | undefined
  let end: { at: string; code: number | null; signal: string | null } | undefined

  function speedBy(secondsOf: (sample: Sample) => number): number | undefined {
    const [first, last] = [samples[0], samples.at(-1)]
    if (!first || !last || last.at - first.at < SHORTEST_WINDOW_MS) return undefined
    return (1000 * (secondsOf(last) - secondsOf(first))) / (last.at - first.at)
  }

  const speed = () => speedBy(({ mediaSeconds }) => mediaSeconds)

  return {
    hear: lines.read,
    lines: lines.lines,
    speed,
    /** Whether it is given more than it makes something of. */
    lagsBehind: () => (speed() ?? 0) < (speedBy((sample) => sample.handedSeconds) ?? 0) - INACCURACY,
    progressed(told: Progress) {
      progress = told
      if (told.mediaSeconds === 0) return
      const sample = { at: now(), mediaSeconds: told.mediaSeconds, handedSeconds: (handedMs?.() ?? 0) / 1000 }
      samples = [...samples, sample].filter(({ at }) => now() - at <= WINDOW_MS)
    },
    /** The node itself is about to end it. */
    because(why: string | undefined) {
      reason = why ?? reason
    },
    reason: () => reason,
    ended(code: number | null, signal: string | null) {
      end = { at: new Date().toISOString(), code, signal }
    },
    report: (): RunReport => ({
      started_at: startedAt,
      ended_at: end?.at ?? null,
      command: command.map(maskSecrets),
      exit_code: end?.code ?? null,
      signal: end?.signal ?? null,
      reason: reason ?? null,
      speed: speed() ?? null,
      frames: progress.frames,
      dropped_frames: progress.droppedFrames,
      repeated_frames: progress.repeatedFrames,
      last_lines: lines.lines().map(maskSecrets),
    }),
  }
}
