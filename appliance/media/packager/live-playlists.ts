import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { type LivePlace, mediaPlaylist, placeOf } from './media-playlist.ts'
import type { WithRoom } from './memory-room.ts'
import type { TrackWindow, WindowRules } from './track-window.ts'
import { waiters } from './waiters.ts'

/** What those who wait for a session's next part need. */
export type LiveTracks = {
  /** Nothing if the session has no such track. */
  track: (
    id: string,
  ) =>
    | { place: LivePlace; partTarget: number; targetDuration: number; growing: GrowingSegment | undefined }
    | undefined
  playlist: (id: string, skip: boolean) => LivePlaylist
  /** Resolves when there is more, or when `signal` aborts. */
  more: (signal?: AbortSignal) => Promise<void>
  /** Nothing comes any more. */
  ended: () => boolean
}

/** The segment that parts are added to. */
type GrowingSegment = { uri: string; parts: { uri: string }[] }

/** Packed by gzip: once, whoever asks how often. */
export type LivePlaylist = { plain: Buffer; packed: () => Buffer }

type Dependencies = {
  folder: string
  tracks: () => TrackWindow[]
  rules: WindowRules
  lowLatency: boolean
  /** Keeps what the playlists are about to tell. */
  keep: () => void
  withRoom: WithRoom
}

/** The media playlists of a session: as files for everybody, and from memory for those who wait for the next part. */
export function livePlaylists({ folder, tracks, rules, lowLatency, keep, withRoom }: Dependencies) {
  let next: string | undefined
  let ended = false
  let written = new Map<string, LivePlaylist>()
  const waiting = waiters()

  /** What is kept and listed is what is there, also when something had to go for it. */
  function write(nextPart: string | undefined) {
    next = nextPart
    withRoom(() => {
      keep()
      publish()
    })
  }

  function publish() {
    written = new Map<string, LivePlaylist>()
    for (const { id } of tracks()) writeAtomically(join(folder, `${id}.m3u8`), [render(id, false).plain])
    waiting.wake()
  }

  /** Made once for all who ask. */
  function render(id: string, skip: boolean): LivePlaylist {
    const key = `${id} ${skip}`
    const made = written.get(key) ?? packable(compose(id, skip))
    written.set(key, made)
    return made
  }

  function compose(id: string, skip: boolean): string {
    const track = tracks().find((one) => one.id === id)
    if (!track) return ''
    const partHoldBack = 3 * Math.max(...tracks().map(({ partTarget }) => partTarget))
    return mediaPlaylist({
      track,
      others: tracks().map((one) => one.id),
      rules,
      lowLatency: lowLatency ? { next: next && `${id}/${next}`, partHoldBack } : undefined,
      ended,
      skip,
    })
  }

  const live: LiveTracks = {
    track(id) {
      const track = tracks().find((one) => one.id === id)
      const { segmentSeconds: targetDuration } = rules
      return (
        track && {
          place: placeOf(track),
          partTarget: track.partTarget,
          targetDuration,
          growing: track.growing,
        }
      )
    },
    playlist: render,
    more: waiting.next,
    ended: () => ended,
  }

  return {
    live,
    write,
    end() {
      ended = true
      withRoom(publish)
    },
  }
}

/** Packed only if somebody takes it so, and once for all who do. */
export function packable(text: string): LivePlaylist {
  const plain = Buffer.from(text)
  let packed: Buffer | undefined
  return {
    plain,
    packed() {
      packed ??= gzipSync(plain)
      return packed
    },
  }
}
