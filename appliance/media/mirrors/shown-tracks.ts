import { join } from 'node:path'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { type LivePlaylist, type LiveTracks, packable } from '../packager/live-playlists.ts'
import { waiters } from '../packager/waiters.ts'
import { type CopiedFiles, tryToWrite } from './copied-files.ts'
import { endedText, filesIn, halfWay, placeIn, shownText } from './copied-playlist.ts'
import { numberOf } from './fetch-missing.ts'
import type { OriginPlaylist } from './origin-playlist.ts'

type Dependencies = {
  /** The session's own. */
  folder: string
  files: CopiedFiles
  /** There was no room: so many segments are listed no more. */
  full: (dropped: { rendition: string; segments: number }[]) => void
}

/** A part is listed for three target durations (RFC 8216bis, 4.4.4.9), and stays as long again. */
const PARTS_STAY_TARGETS = 3

/** The media playlists of a copied session: as files for everybody, and from memory for those who wait for the next part. */
export function shownTracks({ folder, files, full }: Dependencies) {
  const shown = new Map<string, OriginPlaylist>()
  /** What is being fetched for them. */
  const coming = new Map<string, OriginPlaylist>()
  /** Below it nothing is listed: there was no room. */
  let from = 0
  let isEnded = false
  const waiting = waiters()

  function publish(track: string, playlist: OriginPlaylist) {
    write(track, () => shownText(playlist, { from, skip: false }))
    shown.set(track, playlist)
    coming.delete(track)
    isEnded = false
    changed()
    files.listed(track, new Set(filesIn(playlist, from)), (uri) => graceMs(uri, playlist))
  }

  function write(track: string, text: () => string) {
    files.withRoom(() => writeAtomically(join(folder, `${track}.m3u8`), [Buffer.from(text())]))
  }

  const changed = () => [render.forget(), waiting.wake()]

  const render = renderer((track, skip) => {
    const playlist = shown.get(track)
    if (!playlist) return ''
    return isEnded && !playlist.ended ? endedText(playlist, from) : shownText(playlist, { from, skip })
  })

  /** Half of what is listed goes, down to one segment. False if there is no more than that. */
  function shorten(): boolean {
    const present = [...new Map([...shown, ...coming])]
    const playlists = present.map(([, playlist]) => playlist)
    const first = halfWay(playlists, from)
    if (first === undefined) return false
    full(present.map(([id, { segments }]) => ({ rendition: id, segments: between(segments, from, first) })))
    from = first
    goOnWithout()
    return true
  }

  /** The playlists first; one that there is no room for is behind for a moment. */
  function goOnWithout() {
    changed()
    for (const track of shown.keys())
      tryToWrite(join(folder, `${track}.m3u8`), render.made(track, false).plain)
    files.giveUp((uri) => numberOf(uri) < from)
  }

  const of = (track: string) => shown.get(track)
  const ended = () => isEnded || (shown.size > 0 && [...shown.values()].every((each) => each.ended))
  const live = liveTracks({ of, playlist: render.made, more: waiting.next, ended })

  return {
    live,
    publish,
    shorten,
    from: () => from,
    expect: (track: string, playlist: OriginPlaylist) => void coming.set(track, playlist),
    of,
    all: () => [...shown.values()],
    /** So early that the playlists go on without the oldest segments before there is no room for the next. */
    makeAhead() {
      const last = [...shown.values()].flatMap(({ segments }) => segments.at(-1)?.uri ?? [])
      if (files.isTight(last)) shorten()
    },
    /** The origin did not come back. */
    end() {
      isEnded = true
      for (const [track, playlist] of shown)
        if (!playlist.ended) write(track, () => endedText(playlist, from))
      changed()
    },
    /** All of it is gone, and may begin anew. */
    forget() {
      shown.clear()
      coming.clear()
      from = 0
      isEnded = false
      changed()
    },
  }
}

type Shown = Pick<LiveTracks, 'playlist' | 'more' | 'ended'> & {
  of: (track: string) => OriginPlaylist | undefined
}

function liveTracks({ of, ...shown }: Shown): LiveTracks {
  return {
    ...shown,
    track(id) {
      const playlist = of(id)
      if (!playlist) return undefined
      const { partTarget = 0, targetDuration, growing } = playlist
      return { place: placeIn(playlist), partTarget, targetDuration, growing }
    },
  }
}

/** Each text is made once for all who ask. */
function renderer(compose: (track: string, skip: boolean) => string) {
  const rendered = new Map<string, LivePlaylist>()
  return {
    made(track: string, skip: boolean): LivePlaylist {
      const key = `${track} ${skip}`
      const made = rendered.get(key) ?? packable(compose(track, skip))
      rendered.set(key, made)
      return made
    },
    forget: () => rendered.clear(),
  }
}

const between = (segments: OriginPlaylist['segments'], from: number, to: number) =>
  segments.filter(({ number }) => number >= from && number < to).length

/** RFC 8216bis, 6.2.2: a segment outlives its last playlist by that playlist's length and its own. */
function graceMs(uri: string, { segments, targetDuration }: OriginPlaylist): number {
  const isPart = /\.\d+\.m4s$/.test(uri)
  const listed = segments.reduce((sum, { duration }) => sum + duration, 0)
  return 1000 * (isPart ? PARTS_STAY_TARGETS * targetDuration : listed + targetDuration)
}
