import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'
import type { AskOrigin } from './ask-origin.ts'
import { copiedFiles, tryToWrite } from './copied-files.ts'
import { placeIn } from './copied-playlist.ts'
import { type Copied, copyTrack } from './copy-track.ts'
import type { OriginPlaylist } from './origin-playlist.ts'
import { shownTracks } from './shown-tracks.ts'
import type { tellOfCopy } from './tell-of-copy.ts'
import { watchOrigin } from './watch-origin.ts'

type Dependencies = {
  order: MirrorOrder
  /** The stream's; the session's own lies below it. */
  streamFolder: string
  origin: AskOrigin
  tell: ReturnType<typeof tellOfCopy>
  /** Whether what new viewers of the stream open is this session's to write. */
  isShown: () => boolean
  /** One more segment is whole in all tracks, and the origin is open to new viewers. */
  segment: () => void
  closed: () => void
  over: () => void
  copied: (copied: Copied) => void
  full: (dropped: { rendition: string; segments: number }[]) => void
  cleaned: (segments: number) => void
  signal: AbortSignal
}

/** Until a playlist has told it. */
const TARGET_SECONDS = 2

/** Copies a session of another node file by file, playlist by playlist, and tells how it goes on. */
export function copySession(dependencies: Dependencies) {
  const { order, streamFolder, isShown, tell } = dependencies
  const folder = join(streamFolder, order.session)
  const files = copiedFiles({ ...dependencies, folder, giveUp: () => tracks.shorten() })
  const tracks = shownTracks({ ...dependencies, folder, files })
  const following = new Set<string>()
  /** Up to which number all tracks have segments, and up to which that was told. */
  let [whole, told] = [-1, -1]

  const watched = watchOrigin({
    ...dependencies,
    ...order,
    run: () => Math.max(0, ...tracks.all().map(runOf)),
    everyMs: () => targetSeconds() * 1000,
    looked,
    pictured: (picture) => show('thumbnail.jpg', picture),
    heard: () => tell.heard('stream'),
    failed: (error) => tell.failed('stream', error),
  })

  function follow(track: string) {
    following.add(track)
    void copyTrack({
      ...{ ...dependencies, track, path: `/${order.stream}/${order.session}`, files },
      from: tracks.from,
      shown: () => tracks.of(track),
      expect: (playlist) => tracks.expect(track, playlist),
      publish: (playlist, copied) => publish(track, playlist, copied),
      heard: () => tell.heard(track),
      failed: (error) => tell.failed(track, error),
    })
  }

  function publish(track: string, playlist: OriginPlaylist, copied: Copied) {
    tracks.publish(track, playlist)
    dependencies.copied(copied)
    if ([...following].some((each) => !tracks.of(each))) return
    const closed = Math.min(...tracks.all().map((each) => placeIn(each).closed))
    if (closed > whole) tracks.makeAhead()
    if (closed > whole || isOver()) watched.lookNow()
    whole = Math.max(whole, closed)
  }

  function looked(isOpen: boolean) {
    for (const track of watched.index()?.tracks ?? []) if (!following.has(track)) follow(track)
    const record = watched.record()
    if (record) tryToWrite(join(folder, 'record.json'), record.text)
    if (whole >= 0) show('manifest.mpd', watched.manifest())
    if (isOver()) dependencies.over()
    else if (!isOpen) dependencies.closed()
    else if (whole > told) dependencies.segment()
    told = whole
  }

  function show(file: string, content: string | Buffer | undefined) {
    if (content !== undefined && isShown()) tryToWrite(join(streamFolder, file), content)
  }

  const isOver = () => tracks.all().length > 0 && tracks.all().every(({ ended }) => ended)
  const targetSeconds = () => tracks.all()[0]?.targetDuration ?? TARGET_SECONDS

  return {
    folder,
    live: tracks.live,
    targetSeconds,
    index: watched.index,
    record: () => watched.record()?.parsed,
    open: () => show('index.m3u8', watched.index()?.text),
    close: () => isShown() && rmSync(join(streamFolder, 'index.m3u8'), { force: true }),
    end: tracks.end,
    remove() {
      files.remove()
      tracks.forget()
    },
  }
}

/** In the names of its newest media. */
function runOf({ segments, growing }: OriginPlaylist): number {
  return Number(/\/(\d+)-/.exec((growing ?? segments.at(-1))?.uri ?? '')?.[1] ?? 0)
}
