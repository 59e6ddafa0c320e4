import { planLadder, type Rung, rungFor, type Source } from '../ladder/ladder-plan.ts'
import type { Track } from '../packager/package-run.ts'
import { leadSecondsOf, partSecondsOf } from '../packager/part-grid.ts'

/**
 * What one encoder makes of a source. Its pipes are its rungs, the source's audio, and thumbnails, in this order.
 * Its tracks are its rungs and always audio, silent if the source has none.
 */
export type EncoderPlan = {
  url: string
  /** ffmpeg's arguments for another input than the RTMP stream at `url`. */
  input?: string[] | undefined
  ladder: string[]
  rungs: Rung[]
  tracks: Track[]
  /** Whether the source has sound. */
  audio: boolean
  frameRate: number
  segmentSeconds: number
  partSeconds: number
  /** How much of the first segment lies before the first key frame: the second key frame comes so much earlier. */
  leadSeconds: number
  /** Renditions that are not encoded, and whose bytes they show instead. */
  standIns: Record<string, string>
}

type Order = {
  url: string
  input?: string[] | undefined
  source: Source
  /** The session's, if it has one already. */
  ladder: string[] | undefined
  segmentSeconds: number
  partMs: number
}

export function planEncoder({
  url,
  input,
  source,
  ladder = planLadder(source),
  segmentSeconds,
  partMs,
}: Order): EncoderPlan {
  const { frameRate } = source
  const partSeconds = partSecondsOf({ segmentSeconds, partMs, frameRate })
  const video = ladder.map((id): Track => ({ id, kind: 'video' }))
  return {
    url,
    input,
    ladder,
    rungs: ladder.map((id) => rungFor(id, source)),
    tracks: [...video, { id: 'audio', kind: 'audio' }],
    audio: source.audio,
    frameRate,
    segmentSeconds,
    partSeconds,
    leadSeconds: leadSecondsOf({ segmentSeconds, partSeconds }),
    standIns: {},
  }
}
