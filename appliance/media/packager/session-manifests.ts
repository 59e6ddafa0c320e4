import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { dashManifest } from './dash-manifest.ts'
import type { WithRoom } from './memory-room.ts'
import { multivariantPlaylist } from './multivariant-playlist.ts'
import type { TrackWindow, WindowRules } from './track-window.ts'

type Dependencies = {
  /** The stream's. */
  folder: string
  session: string
  tracks: () => TrackWindow[]
  records: () => SessionRecord[]
  rules: WindowRules
  lowLatency: boolean
  /** Which of the two there are. */
  hls: boolean
  dash: boolean
  withRoom: WithRoom
  now: () => number
}

type Moment = {
  partSeconds: number
  /** The encoder writes on. */
  running: boolean
  /** Nothing comes any more. */
  ended: boolean
}

/** What players open first: the multivariant playlist, and the DASH manifest. */
export function sessionManifests(dependencies: Dependencies) {
  const { folder, session, tracks, records, rules, lowLatency, hls, dash, withRoom, now } = dependencies
  const index = join(folder, 'index.m3u8')
  /** It never goes back, though the clock may have been set right. */
  let publishedAt = 0

  function writeDash(moment: Moment) {
    if (dash) withRoom(() => writeManifest(moment))
  }

  function writeManifest({ partSeconds, running, ended }: Moment) {
    publishedAt = Math.max(publishedAt, now())
    const text = dashManifest({
      session,
      records: records(),
      tracks: tracks(),
      rules,
      lowLatency: lowLatency ? { partSeconds } : undefined,
      running,
      ended,
      publishedAt: new Date(publishedAt).toISOString(),
    })
    if (text) writeAtomically(join(folder, 'manifest.mpd'), text)
  }

  return {
    writeDash,
    /** For the nodes that copy the session. */
    writeRecord(record: SessionRecord) {
      withRoom(() => writeAtomically(join(folder, session, 'record.json'), JSON.stringify(record)))
    },
    /** New viewers find the stream. */
    open() {
      if (hls) withRoom(() => writeAtomically(index, multivariantPlaylist(session, tracks())))
    },
    /** New viewers do not; who is watching keeps the playlists of the tracks, and the DASH manifest, which he reads again and again. */
    close: () => rmSync(index, { force: true }),
  }
}
