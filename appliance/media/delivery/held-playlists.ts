import { Problem } from '@sixcast/shared/contract/problem.ts'
import { type Awaited, judgeAwaited, longestWaitMs } from '../packager/await-playlist.ts'
import type { LiveTracks } from '../packager/live-playlists.ts'
import { waitFor } from './wait-for.ts'

/**
 * Holds who asks for a playlist until it has what he awaits, or until that takes too long. All who await the same are held as one,
 * also for how long: who came late gets a playlist without news early, and asks again.
 */
export function heldPlaylists() {
  const held = new WeakMap<LiveTracks, Map<string, Promise<void>>>()

  return async (live: LiveTracks, track: string, awaited: Awaited): Promise<void> => {
    const verdict = judge(live, track, awaited)
    if (verdict === 'too-far')
      throw new Problem('bad-request', 'That is too far ahead: ask for the next segment or the one after it.')
    if (verdict === 'there') return
    const ofSession = held.get(live) ?? new Map<string, Promise<void>>()
    held.set(live, ofSession)
    const key = `${track} ${awaited.msn} ${awaited.part}`
    const waiting = ofSession.get(key) ?? wait(live, track, awaited).finally(() => ofSession.delete(key))
    ofSession.set(key, waiting)
    await waiting
  }
}

function wait(live: LiveTracks, track: string, awaited: Awaited): Promise<void> {
  const longestMs = longestWaitMs(live.track(track) ?? { partTarget: 0, targetDuration: 0 })
  return waitFor({ more: live.more, there: () => judge(live, track, awaited) === 'there', longestMs })
}

function judge(live: LiveTracks, track: string, awaited: Awaited) {
  const found = live.track(track)
  return !found || live.ended() ? 'there' : judgeAwaited(awaited, found.place, found.partTarget)
}
