import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { mediaPlaylist } from './media-playlist.ts'
import { multivariantPlaylist, renditionsOf } from './multivariant-playlist.ts'
import { type Flaw, packageRun, type SegmentSet, type Track } from './package-run.ts'
import { durationOf, startOf } from './segmenter.ts'
import { type Place, recordOfRun, wallTime } from './session-clock.ts'
import { listedSegments, type TrackWindow, type WindowSegment, withSegment } from './track-window.ts'

/** Everything a session must keep to go on after its process has died. */
export type SessionMemory = {
  session: string
  record: SessionRecord | undefined
  /** The place after which the next run begins, where the windows do not say it. */
  resumeAfter: Place | undefined
  tracks: TrackWindow[]
}

type Dependencies = {
  /** The stream's folder; the session's own lies below it. */
  folder: string
  memory: SessionMemory
  segmentSeconds: number
  /** Segments in a playlist. */
  listed: number
  /** A run was born: its record must outlive a power cut. */
  recorded: (record: SessionRecord) => void
  /** All tracks have one more segment, and their playlists say so. */
  advanced: (set: SegmentSet) => void
}

type RunPlan = {
  tracks: Track[]
  ladder: string[]
  frameRate: number
  broken: (flaw: Flaw) => void
}

export type SessionPackager = ReturnType<typeof packageSession>

/** Writes the files of a session, run after run. A playlist is written only after the bytes it names. */
export function packageSession(dependencies: Dependencies) {
  const { folder, segmentSeconds, listed, recorded, advanced } = dependencies
  const { session } = dependencies.memory
  const files = join(folder, session)
  const index = join(folder, 'index.m3u8')
  let { record, tracks } = dependencies.memory
  /** After its end, or its removal, nothing late may touch a session's files. */
  let sealed = false

  function startRun({ tracks: planned, ladder, frameRate, broken }: RunPlan) {
    let own: SessionRecord | undefined
    return packageRun({
      tracks: planned,
      segmentSeconds,
      broken,
      born(phase) {
        if (sealed) return
        const last = lastPlace(tracks) ?? dependencies.memory.resumeAfter
        own = recordOfRun({ session, previous: record, last, phase, segmentSeconds, ladder, now: Date.now() })
        record = own
        recorded(own)
      },
      publish(set) {
        if (own && !sealed) publish(set, own, frameRate)
      },
    })
  }

  function publish(set: SegmentSet, run: SessionRecord, frameRate: number) {
    const steps = set.segments.map(({ track, init, cut }) => {
      const before = tracks.find(({ id }) => id === track.id) ?? { ...track, ...EMPTY }
      const segment = describeSegment({ track, init, cut }, run)
      if (!existsSync(join(files, segment.init))) writeAtomically(join(files, segment.init), [init.bytes])
      writeAtomically(
        join(files, segment.uri),
        cut.fragments.flatMap(({ bytes }) => bytes),
      )
      const { codecs, width, height } = init
      const described = { ...before, codecs, ...(width && height ? { width, height, frameRate } : {}) }
      return withSegment(described, segment, { listed, segmentSeconds })
    })
    tracks = steps.map((step) => step.track)
    writePlaylists(false)
    advanced(set)
    for (const file of steps.flatMap((step) => step.unneeded)) rmSync(join(files, file), { force: true })
  }

  function writePlaylists(ended: boolean) {
    for (const track of tracks) {
      const segments = listedSegments(track, listed)
      const text = mediaPlaylist({ segments, segmentSeconds, ended })
      writeAtomically(join(files, `${track.id}.m3u8`), text)
    }
  }

  return {
    startRun,
    memory: (): SessionMemory => ({ ...dependencies.memory, record, tracks }),
    renditions: () => renditionsOf(tracks),
    /** New viewers find the stream. */
    open: () => writeAtomically(index, multivariantPlaylist(session, tracks)),
    /** New viewers do not; who is watching keeps the playlists of the tracks. */
    close: () => rmSync(index, { force: true }),
    end() {
      sealed = true
      writePlaylists(true)
    },
    remove() {
      sealed = true
      rmSync(files, { recursive: true, force: true })
    },
  }
}

const EMPTY = { codecs: '', peakBitsPerSecond: 0, totalBytes: 0, totalSeconds: 0, segments: [] }

function describeSegment(
  { track, init, cut }: SegmentSet['segments'][number],
  run: SessionRecord,
): WindowSegment {
  const number = run.firstNumber + cut.index
  return {
    number,
    run: run.run,
    discontinuity: run.discontinuitySequence,
    start: startOf(cut),
    duration: durationOf(cut),
    at: wallTime(run, startOf(cut)),
    bytes: cut.fragments.flatMap(({ bytes }) => bytes).reduce((sum, piece) => sum + piece.length, 0),
    uri: `${track.id}/${run.run}-${number}.m4s`,
    init: `${track.id}/${init.file}`,
  }
}

function lastPlace([track]: TrackWindow[]): Place | undefined {
  const last = track?.segments.at(-1)
  return (
    last && {
      number: last.number,
      discontinuity: last.discontinuity,
      endsAt: Date.parse(last.at) + last.duration * 1000,
    }
  )
}
