import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { joinFragments } from './join-fragments.ts'
import { memoryRoom } from './memory-room.ts'
import type { PartSet, Track } from './package-run.ts'
import { durationOf, startOf } from './part-grid.ts'
import { wallTime } from './session-clock.ts'
import {
  type ShortenedWindow,
  type TrackWindow,
  type WindowRules,
  withPart,
  withSegmentClosed,
} from './track-window.ts'

type Dependencies = {
  /** The session's own folder. */
  folder: string
  rules: WindowRules
  /** What the session had when its last process died. */
  tracks: TrackWindow[]
  /** Told when the memory disk was full, and the oldest segments had to go. */
  full: (dropped: { rendition: string; segments: number }[]) => void
  /** Told how many segments went because nobody can ask for them any more. */
  cleaned: (segments: number) => void
}
type RunTracks = {
  ladder: string[]
  standIns: Record<string, string>
  frameRate: number
  partSeconds: number
}

/** The media files of a session: parts as they come, whole segments made of them, and the windows that say which are there. */
export function sessionFiles({ folder, rules, full, cleaned, ...taken }: Dependencies) {
  let tracks = taken.tracks
  const unneeded: string[] = []
  const { makeAhead, withRoom } = memoryRoom({ folder, rules, tracks: () => tracks, shorten, sweep })
  if (!tracks.every(hasItsParts)) tracks = tracks.map(({ growing: _, ...track }) => track)
  closeSegment()

  /** Whoever died had perhaps not written all of a part's tracks. */
  function hasItsParts({ growing }: TrackWindow) {
    return growing?.parts.every(({ uri }) => existsSync(join(folder, uri))) ?? true
  }

  function addPart({ segment, parts }: PartSet, run: SessionRecord, plan: RunTracks) {
    const number = run.firstNumber + segment
    const written = shownParts(parts, plan).map((shown) => {
      const at = windowOf(shown).growing?.parts.length ?? 0
      const uri = `${shown.shownAs}/${partName({ run: run.run, number, part: at })}`
      const bytes = joinFragments(shown.fragments, number * 1000 + at)
      write(uri, bytes)
      return { shown, place: placeSegment(shown, run, number), part: { uri, ...describePart(shown, bytes) } }
    })
    // Only now: what was written may have pushed old segments out of the windows.
    tracks = written.map(({ shown, place, part }) =>
      withPart(describeTrack(windowOf(shown), shown, run, plan), place, part),
    )
    for (const { shown, place } of written)
      if (!existsSync(join(folder, place.init))) write(place.init, [shown.init.bytes])
    return written.map(({ shown, part }) => ({ rendition: shown.shownAs, bytes: part.bytes }))
  }

  function windowOf({ shownAs, track }: ShownPart): TrackWindow {
    return tracks.find(({ id }) => id === shownAs) ?? emptyWindow(shownAs, track.kind)
  }

  /** A segment is its parts, one after the other: the same bytes for those who waited for it whole. */
  function closeSegment() {
    for (const { growing } of tracks)
      if (growing)
        write(
          growing.uri,
          growing.parts.map(({ uri }) => readFileSync(join(folder, uri))),
        )
    const isAny = tracks.some(({ growing }) => growing)
    const steps = tracks.map((track) => withSegmentClosed(track, rules))
    tracks = steps.map((step) => step.track)
    unneeded.push(...steps.flatMap((step) => step.unneeded))
    if (isAny) makeAhead()
  }

  function write(file: string, content: Buffer[]) {
    withRoom(() => writeAtomically(join(folder, file), content))
  }

  function shorten(steps: ShortenedWindow[]) {
    const dropped = steps.map((step, at) => droppedBetween(tracks[at], step.track))
    tracks = steps.map((step) => step.track)
    unneeded.push(...steps.flatMap((step) => step.unneeded))
    if (dropped.some(({ segments }) => segments > 0)) full(dropped)
  }

  /** Only after the playlists have gone on without them. */
  function sweep() {
    const files = unneeded.splice(0)
    for (const file of files) rmSync(join(folder, file), { force: true })
    cleaned(files.filter((file) => A_SEGMENT.test(file)).length)
  }

  return {
    tracks: () => tracks,
    addPart,
    closeSegment,
    withRoom,
    sweep,
    /** The name that each track's next part will have, without the track's folder. */
    nextPart({ segment, closes }: PartSet, { run, firstNumber }: SessionRecord): string {
      const number = firstNumber + segment + (closes ? 1 : 0)
      return partName({ run, number, part: closes ? 0 : (tracks[0]?.growing?.parts.length ?? 0) })
    },
  }
}

function droppedBetween(before: TrackWindow | undefined, { id, segments }: TrackWindow) {
  return { rendition: id, segments: (before?.segments.length ?? 0) - segments.length }
}

const A_SEGMENT = /\/\d+-\d+\.m4s$/

const partName = ({ run, number, part }: { run: number; number: number; part: number }) =>
  `${run}-${number}.${part}.m4s`

type ShownPart = PartSet['parts'][number] & { shownAs: string }

/** What each track of the session shows: its own bytes, or those that stand in for it. The best first, sound last. */
function shownParts(parts: PartSet['parts'], { ladder, standIns }: RunTracks): ShownPart[] {
  const [pictures, sound] = [ladder, parts.flatMap(({ track }) => (track.kind === 'audio' ? [track.id] : []))]
  return [...pictures, ...sound].flatMap((shownAs) => {
    const part = parts.find(({ track }) => track.id === (standIns[shownAs] ?? shownAs))
    return part ? [{ ...part, shownAs }] : []
  })
}

function placeSegment({ shownAs, init, fragments }: ShownPart, run: SessionRecord, number: number) {
  const start = startOf(fragments)
  return {
    number,
    run: run.run,
    discontinuity: run.discontinuitySequence,
    start,
    at: wallTime(run, start),
    uri: `${shownAs}/${run.run}-${number}.m4s`,
    init: `${shownAs}/${init.file}`,
  }
}

function describePart({ track, fragments }: ShownPart, bytes: Buffer[]) {
  return {
    duration: durationOf(fragments),
    bytes: bytes.reduce((sum, piece) => sum + piece.length, 0),
    independent: track.kind === 'audio' || fragments[0]?.key === true,
  }
}

/** Who shows another's bytes is still told of as what it is by itself; only their own run says what they are. */
function describeTrack(
  before: TrackWindow,
  { shownAs, track, init }: ShownPart,
  run: SessionRecord,
  plan: RunTracks,
): TrackWindow {
  const partTarget = Math.max(before.partTarget, partTargetOf(track, plan))
  const { codecs, width, height } = init
  const shape = { codecs, ...(width && height ? { width, height, frameRate: plan.frameRate } : {}) }
  const shapes = before.shapes.some((known) => known.run === run.run)
    ? before.shapes
    : [...before.shapes, { run: run.run, ...shape }]
  return { ...before, partTarget, shapes, ...(shownAs === track.id ? shape : {}) }
}

const AUDIO_FRAME_SECONDS = 1024 / 48_000

/** Frames of sound do not fill a part exactly: some parts have one more. */
function partTargetOf({ kind }: Track, { partSeconds }: RunTracks): number {
  return kind === 'video' ? partSeconds : Math.ceil(partSeconds / AUDIO_FRAME_SECONDS) * AUDIO_FRAME_SECONDS
}

function emptyWindow(id: string, kind: Track['kind']): TrackWindow {
  return {
    id,
    kind,
    codecs: '',
    shapes: [],
    peakBitsPerSecond: 0,
    totalBytes: 0,
    totalSeconds: 0,
    partTarget: 0,
    segments: [],
  }
}
