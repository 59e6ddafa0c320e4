import { planLadder, type Rung, rungFor, type Source } from '../ladder/ladder-plan.ts'
import type { Track } from '../packager/package-run.ts'

/** What one encoder makes of a source. Its tracks are its pipes, in this order; thumbnails come last. */
export type EncoderPlan = {
  url: string
  ladder: string[]
  rungs: Rung[]
  tracks: Track[]
  audio: boolean
  frameRate: number
  segmentSeconds: number
}

type Order = {
  url: string
  source: Source
  /** The session's, if it has one already. */
  ladder: string[] | undefined
  segmentSeconds: number
}

export function planEncoder({
  url,
  source,
  ladder = planLadder(source),
  segmentSeconds,
}: Order): EncoderPlan {
  const video = ladder.map((id): Track => ({ id, kind: 'video' }))
  const audio: Track[] = source.audio ? [{ id: 'audio', kind: 'audio' }] : []
  return {
    url,
    ladder,
    rungs: ladder.map((id) => rungFor(id, source)),
    tracks: [...video, ...audio],
    audio: source.audio,
    frameRate: source.frameRate,
    segmentSeconds,
  }
}
