import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { livePlaylists } from './live-playlists.ts'
import { audioOf, measuredRenditions, renditionsOf } from './multivariant-playlist.ts'
import { type Flaw, type PartSet, packageRun, type Track } from './package-run.ts'
import { lastPlace, type Place, recordOfRun } from './session-clock.ts'
import { sessionFiles } from './session-files.ts'
import { sessionManifests } from './session-manifests.ts'
import type { TrackWindow } from './track-window.ts'

/** Everything a session must keep to go on after its process has died. */
export type SessionMemory = {
  session: string
  record: SessionRecord | undefined
  /** Of all runs that left something in the windows, the oldest first. */
  records: SessionRecord[]
  /** The place after which the next run begins, where the windows do not say it. */
  resumeAfter: Place | undefined
  tracks: TrackWindow[]
}

type Dependencies = {
  /** The stream's folder; the session's own lies below it. */
  folder: string
  memory: SessionMemory
  segmentSeconds: number
  /** How many segments of full length a playlist covers. */
  listed: number
  lowLatency: boolean
  hls: boolean
  dash: boolean
  /** A run was born: its record must outlive a power cut. */
  recorded: (record: SessionRecord) => void
  /** The files of a part or of a segment are there; no playlist names them yet. */
  keep: () => void
  /** The playlists tell of one more part of all tracks; `whole` when it closed a segment. */
  advanced: (whole: boolean) => void
  /** What the playlists now tell of, and how long after the last frame of the part had come. */
  published: (published: Published) => void
  /** The memory disk was full, and the oldest segments had to go: so many of each track. */
  full: (dropped: { rendition: string; segments: number }[]) => void
  /** So many segments were removed because nobody can ask for them any more. */
  cleaned: (segments: number) => void
  /** Wall time, by a clock that nobody sets. */
  now: () => number
}

export type Published = { seconds: number; whole: boolean; parts: { rendition: string; bytes: number }[] }

export type RunPlan = {
  tracks: Track[]
  ladder: string[]
  /** Renditions that are not encoded in this run, and whose bytes they show instead. */
  standIns: Record<string, string>
  frameRate: number
  partSeconds: number
  /** How much of the run's first segment lies before its first key frame; as usual, if absent. */
  leadSeconds?: number
  broken: (flaw: Flaw) => void
  heldMs?: (() => number) | undefined
}

export type SessionPackager = ReturnType<typeof packageSession>

/** A session, run after run: what its encoders write becomes files, and after them the playlists that name them. */
export function packageSession(dependencies: Dependencies) {
  const { segmentSeconds, recorded, advanced, published, now } = dependencies
  const { session, resumeAfter } = dependencies.memory
  const folder = join(dependencies.folder, session)
  const rules = { listedSeconds: dependencies.listed * segmentSeconds, segmentSeconds }
  const files = sessionFiles({ ...dependencies, folder, rules, tracks: dependencies.memory.tracks })
  const { tracks, withRoom } = files
  const shared = { ...dependencies, session, rules, tracks, withRoom }
  const playlists = livePlaylists({ ...shared, folder })
  const manifests = sessionManifests({ ...shared, records: () => shownRecords(records, files.tracks()) })
  let { record, records } = dependencies.memory
  /** After its end, or its removal, nothing late may touch a session's files. */
  let sealed = false

  function startRun(plan: RunPlan) {
    let own: SessionRecord | undefined
    return packageRun({
      ...plan,
      clock: { ...plan, segmentSeconds },
      born({ agoMs, ...place }) {
        if (sealed) return
        const last = lastPlace(files.tracks()) ?? resumeAfter
        const birth = { session, previous: record, last, ...place, segmentSeconds, ladder: plan.ladder }
        own = recordOfRun({ ...birth, now: now() - agoMs })
        record = own
        records = [...shownRecords(records, files.tracks()), own]
        for (const tell of [recorded, manifests.writeRecord]) tell(own)
      },
      publish(set) {
        if (own && !sealed) publish(set, own, plan)
      },
      ended() {
        if (own && !sealed) settle(plan)
      },
    })
  }

  function publish(set: PartSet, run: SessionRecord, plan: RunPlan) {
    const arrivedAt = performance.now()
    const parts = files.addPart(set, run, plan)
    if (set.closes) files.closeSegment()
    playlists.write(files.nextPart(set, run))
    published({ seconds: (performance.now() - arrivedAt) / 1000, whole: set.closes, parts })
    if (set.closes) manifests.writeDash({ ...plan, running: true, ended: false })
    advanced(set.closes)
    files.sweep()
  }

  /** The encoder is gone: what it had begun is whole, and nothing comes next. */
  function settle(plan: RunPlan) {
    files.closeSegment()
    playlists.write(undefined)
    manifests.writeDash({ ...plan, running: false, ended: false })
    files.sweep()
  }

  return {
    startRun,
    memory: (): SessionMemory => ({ session, resumeAfter, record, records, tracks: files.tracks() }),
    renditions: () => renditionsOf(files.tracks()),
    measured: () => measuredRenditions(files.tracks()),
    audio: () => audioOf(files.tracks()),
    live: playlists.live,
    ...{ open: manifests.open, close: manifests.close },
    end() {
      sealed = true
      files.closeSegment()
      playlists.end()
      manifests.writeDash({ partSeconds: segmentSeconds, running: false, ended: true })
    },
    remove() {
      sealed = true
      playlists.end()
      rmSync(folder, { recursive: true, force: true })
      dependencies.cleaned(files.tracks().flatMap(({ segments }) => segments).length)
    },
  }
}

/** Those of runs that left something which is still there. */
function shownRecords(records: SessionRecord[], tracks: TrackWindow[]): SessionRecord[] {
  const runs = new Set(tracks.flatMap(({ segments }) => segments.map((segment) => segment.run)))
  return records.filter(({ run }) => runs.has(run))
}
