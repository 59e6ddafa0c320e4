import { statfsSync } from 'node:fs'
import { isDiskFull } from '@sixcast/shared/runtime/atomic-file.ts'
import {
  type ShortenedWindow,
  shortened,
  shorterWindows,
  type TrackWindow,
  thinned,
  type WindowRules,
} from './track-window.ts'

type Dependencies = {
  /** On the memory disk. */
  folder: string
  rules: WindowRules
  tracks: () => TrackWindow[]
  /** Goes on with these windows. */
  shorten: (steps: ShortenedWindow[]) => void
  /** Removes the files that no window has any more. */
  sweep: () => void
}

/** Runs a task that writes, also when there is no room for it: what is oldest goes, until there is. */
export type WithRoom = (task: () => void) => void

/** Kept free: for the next segment, once in parts and once whole, and for what is written beside it or rounded up to pages. */
const SEGMENTS_AHEAD = 4

/** Room for live media on a memory disk: no encoder waits for it, the oldest segments go. */
export function memoryRoom({ folder, rules, tracks, shorten, sweep }: Dependencies) {
  /** So early that the playlists go on without the oldest segments before these are removed. */
  function makeAhead() {
    const { bavail, bsize } = statfsSync(folder)
    const last = tracks().reduce((sum, { segments }) => sum + (segments.at(-1)?.bytes ?? 0), 0)
    const missing = SEGMENTS_AHEAD * last - bavail * bsize
    if (missing > 0) shorten(thinned(tracks(), missing, rules))
  }

  /** Somebody else has taken what was kept free. Playlists that cannot be written are behind for a moment. */
  const withRoom: WithRoom = (task) => {
    for (const seconds of shorterWindows(rules))
      try {
        return task()
      } catch (error) {
        if (!isDiskFull(error)) throw error
        sweep()
        shorten(tracks().map((track) => shortened(track, seconds)))
        sweep()
      }
    task()
  }

  return { makeAhead, withRoom }
}
