import { isFilled, planLadder, type Rung, rungFor, type Source } from '../ladder/ladder-plan.ts'
import type { Quality } from '../ladder/qualities.ts'
import type { Track } from '../packager/package-run.ts'
import { leadSecondsOf, partSecondsOf } from '../packager/part-grid.ts'
import type { VideoEncoder } from './video-encoders.ts'

/**
 * What one encoder makes of a source. Its pipes are its rungs, the source's audio, thumbnails, and its progress, in
 * this order. Its tracks are its rungs and always audio, silent if the source has none.
 */
export type EncoderPlan = {
  url: string
  /** ffmpeg's arguments for another input than the RTMP stream at `url`. */
  input?: string[] | undefined
  encoder: VideoEncoder
  /** All renditions of the session. */
  ladder: string[]
  /** Those that are encoded, the best first. */
  rungs: Rung[]
  tracks: Track[]
  /** Whether the source has sound. */
  audio: boolean
  frameRate: number
  colours: Colours
  segmentSeconds: number
  partSeconds: number
  /** How much of the first segment lies before the first key frame: the second key frame comes so much earlier. */
  leadSeconds: number
  /** Renditions that are not encoded, and whose bytes they show instead. */
  standIns: Record<string, string>
}

type Colours = 'bt709' | 'smpte170m'

type Order = {
  url: string
  input?: string[] | undefined
  source: Source
  /** The session's, if it has one already. */
  ladder: string[] | undefined
  segmentSeconds: number
  partMs: number
  /** What the stream was asked for in; all that its source is good for, if absent. */
  qualities?: Quality[] | undefined
  /** What the node can still encode in real time, for a ladder that is yet to be planned. */
  pixelsPerSecond?: number | undefined
  encoder?: VideoEncoder | undefined
  /** How many rungs, from the best down, this node is too slow for at present. */
  shed?: number | undefined
}

export function planEncoder({
  url,
  input,
  source,
  qualities,
  pixelsPerSecond,
  ladder = planLadder(source, { qualities, pixelsPerSecond }),
  encoder = 'libx264',
  shed = 0,
  segmentSeconds,
  partMs,
}: Order): EncoderPlan {
  const { frameRate } = source
  const partSeconds = partSecondsOf({ segmentSeconds, partMs, frameRate })
  const encoded = encodedOf({ ladder, source, shed })
  const video = encoded.map((id): Track => ({ id, kind: 'video' }))
  const [best = ''] = encoded
  return {
    url,
    input,
    encoder,
    ladder,
    rungs: encoded.map((id) => rungFor(id, source)),
    tracks: [...video, { id: 'audio', kind: 'audio' }],
    audio: source.audio,
    frameRate,
    colours: coloursOf(source),
    segmentSeconds,
    partSeconds,
    leadSeconds: leadSecondsOf({ segmentSeconds, partSeconds }),
    standIns: Object.fromEntries(ladder.filter((id) => !encoded.includes(id)).map((id) => [id, best])),
  }
}

/** The rungs that the source fills, without those that are shed; the smallest in any case. */
function encodedOf({ ladder, source, shed }: { ladder: string[]; source: Source; shed: number }): string[] {
  const encoded = ladder.filter((id) => isFilled(id, source)).slice(shed)
  return encoded.length ? encoded : ladder.slice(-1)
}

/**
 * What numbers mean which colours. Most encoders do not say; then everybody takes HD's for a large picture and SD's for a
 * small one, so that the renditions of one source would differ unless all of them say what the source's size means.
 */
function coloursOf({ height }: Source): Colours {
  return height >= 720 ? 'bt709' : 'smpte170m'
}
