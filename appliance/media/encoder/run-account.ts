import { maskSecrets } from '../pulls/mask-secrets.ts'
import { keepLastLines } from './last-lines.ts'
import type { Progress } from './read-progress.ts'
import type { RunReport } from './run-reports.ts'

export type RunAccount = ReturnType<typeof runAccount>

/** Speed is read over the last seconds: over fewer it jumps, over more it tells too late. */
const WINDOW_MS = 4000
const SHORTEST_WINDOW_MS = 2000
const NOTHING: Progress = { mediaSeconds: 0, frames: 0, droppedFrames: 0, repeatedFrames: 0 }

/** What is known of one start of an encoder. `now` in milliseconds of a clock that nobody sets. */
export function runAccount(command: string[], now: () => number = () => performance.now()) {
  const startedAt = new Date().toISOString()
  const lines = keepLastLines()
  let samples: { at: number; mediaSeconds: number }[] = []
  let progress = NOTHING
  let reason: string | undefined
  let end: { at: string; code: number | null; signal: string | null } | undefined

  function speed(): number | undefined {
    const [first, last] = [samples[0], samples.at(-1)]
    if (!first || !last || last.at - first.at < SHORTEST_WINDOW_MS) return undefined
    return (1000 * (last.mediaSeconds - first.mediaSeconds)) / (last.at - first.at)
  }

  return {
    hear: lines.read,
    lines: lines.lines,
    speed,
    progressed(told: Progress) {
      progress = told
      if (told.mediaSeconds === 0) return
      samples = [...samples, { at: now(), mediaSeconds: told.mediaSeconds }].filter(
        ({ at }) => now() - at <= WINDOW_MS,
      )
    },
    /** The node itself is about to end it. */
    because(why: string) {
      reason = why
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
