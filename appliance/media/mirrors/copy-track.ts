import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { type AskOrigin, OriginAway } from './ask-origin.ts'
import type { CopiedFiles } from './copied-files.ts'
import { filesIn, isBehind, placeIn } from './copied-playlist.ts'
import { type Fetched, fetchMissing, GoneMeanwhile } from './fetch-missing.ts'
import { NoPlaylist, type OriginPlaylist, parseOriginPlaylist } from './origin-playlist.ts'

/** A part, or what came at once, that is shown now. `behindMs`: about how much later than by the origin. */
export type Copied = Fetched & { behindMs: number }

type Dependencies = {
  track: string
  /** Where the origin has the session. */
  path: string
  origin: AskOrigin
  files: CopiedFiles
  /** Segments below this number there was no room for. */
  from: () => number
  /** It is about to be shown: what it lists is being fetched. */
  expect: (playlist: OriginPlaylist) => void
  /** What is shown of it now. */
  shown: () => OriginPlaylist | undefined
  /** All that it lists is there. */
  publish: (playlist: OriginPlaylist, copied: Copied) => void
  /** The origin answered as it must. */
  heard: () => void
  failed: (error: unknown) => void
  signal: AbortSignal
}

const MOST_PLAYLIST_BYTES = 1 << 20
const BACKOFF = { firstMs: 150, longestMs: 5000 }
/** An origin that says at once that it has nothing new is asked no more often than this. */
const LEAST_PAUSE_MS = 150

/**
 * Follows one playlist of the origin as the strictest player would: waits there for what comes next, fetches it, and shows the
 * playlist when all that it lists is here.
 */
export async function copyTrack(dependencies: Dependencies): Promise<void> {
  const { origin, shown, heard, failed, signal } = dependencies
  let isLost = false
  let failures = 0

  while (!signal.aborted && !shown()?.ended) {
    const from = origin.from()
    try {
      const pauseMs = await round()
      failures = 0
      heard()
      await sleep(pauseMs, signal)
    } catch (error) {
      if (signal.aborted) return
      isLost = true
      if (origin.from() !== from) continue
      failures += 1
      // What is gone there is so because its playlist has gone on: that is no trouble, if it stays so once.
      if (!(error instanceof GoneMeanwhile) || failures > 2) failed(error)
      await sleep(backoffMs(failures, BACKOFF), signal)
    }
  }

  async function round(): Promise<number> {
    const askedAt = performance.now()
    const playlist = await ask()
    const toldAt = performance.now()
    const before = shown()
    if (signal.aborted || (before && (playlist.text === before.text || isBehind(playlist, before))))
      return pauseMs(playlist, askedAt)
    const fetched = await take(playlist)
    if (signal.aborted) return 0
    // What the news took from there to here took about half as long as nothing but an answer does.
    const behindMs = performance.now() - toldAt + (before === undefined ? 0 : fetched.quickestMs / 2)
    dependencies.publish(playlist, { ...fetched, behindMs })
    isLost = false
    return playlist.canBlock ? 0 : pauseMs(playlist, askedAt)
  }

  async function ask() {
    const { track, path } = dependencies
    const before = shown()
    const waits = before?.canBlock && !isLost ? whatComesNext(before) : ''
    const { status, body } = await origin.get(`${path}/${track}.m3u8${waits}`, {
      mostBytes: MOST_PLAYLIST_BYTES,
    })
    if (status === 404) throw new OriginAway('it does not have the session')
    if (status !== 200) throw new OriginAway(`it answered ${status}`)
    return parseOriginPlaylist(body.toString('latin1'), track)
  }

  async function take(playlist: OriginPlaylist) {
    dependencies.expect(playlist)
    const fetched = await fetchMissing({
      ...dependencies,
      playlist,
      isOver: () => signal.aborted,
    })
    if (filesIn(playlist, dependencies.from()).some((uri) => !dependencies.files.has(uri)) && !signal.aborted)
      throw new GoneMeanwhile('there was no room for all of it')
    return fetched
  }
}

/** RFC 8216bis, 6.2.5.2. */
function whatComesNext(playlist: OriginPlaylist): string {
  const { closed, growingParts } = placeIn(playlist)
  const part = playlist.partTarget === undefined ? '' : `&_HLS_part=${growingParts}`
  return `?_HLS_msn=${closed + 1}${part}`
}

/** Who cannot wait there asks so often that he is a fraction of a segment late; others as often as a part comes, if it does not hold them. */
function pauseMs({ canBlock, partTarget = 1, targetDuration }: OriginPlaylist, askedAt: number): number {
  const tookMs = performance.now() - askedAt
  const everyMs = canBlock ? Math.max(LEAST_PAUSE_MS, 500 * partTarget) : 200 * targetDuration
  return Math.max(0, everyMs - tookMs)
}

export const isTrouble = (error: unknown) => error instanceof OriginAway || error instanceof NoPlaylist
