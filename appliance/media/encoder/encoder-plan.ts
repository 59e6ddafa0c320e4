import { isFilled, planLadder, type Rung, rungFor, type Source } from '../ladder/ladder-plan.ts'
import type { LadderLimits } from '../ladder/node-limits.ts'
import type { Quality } from '../ladder/qualities.ts'
import { mayCopy, mostBitsPerSecond, type SourceHabits } from '../ladder/source-habits.ts'
import type { Track } from '../packager/package-run.ts'
import { leadSecondsOf, partSecondsOf } from '../packager/part-grid.ts'
import type { VideoEncoder } from './video-encoders.ts'

/**
 * What one encoder makes of a source. Its pipes are its rungs, the source's audio, the source's picture if it is copied,
 * thumbnails, and its progress, in this order. Its tracks are its renditions, the best first, and always audio, silent if
 * the source has none.
 */
export type EncoderPlan = {
  /** ffmpeg's arguments for another input than a stream that is played to it. */
  input?: string[] | undefined
  encoder: VideoEncoder
  /** All renditions of the session. */
  ladder: string[]
  /** Those that are encoded, the best first. */
  rungs: Rung[]
  /** The best rendition, if it is shown as the source sends it. */
  copied: Rung | undefined
  /** Those that would be encoded if none were shed. */
  sheddable: string[]
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
  input?: string[] | undefined
  source: Source
  /** The session's, if it has one already. */
  ladder: string[] | undefined
  segmentSeconds: number
  partMs: number
  /** What the stream was asked for in; all that its source is good for, if absent. */
  qualities?: Quality[] | undefined
  /** What its operator lets the node make of a stream. */
  limits?: LadderLimits | undefined
  /** What the node can still encode in real time, for a ladder that is yet to be planned. */
  pixelsPerSecond?: number | undefined
  encoder?: VideoEncoder | undefined
  /** How many of the rungs that are encoded, from the best down, this node is too slow for at present. */
  shed?: number | undefined
  /** What was seen of the source before. */
  habits?: SourceHabits | undefined
}

export function planEncoder({
  input,
  source,
  qualities,
  limits,
  pixelsPerSecond,
  habits,
  segmentSeconds,
  ladder = ladderFor({ source, qualities, limits, pixelsPerSecond, habits, segmentSeconds }),
  encoder = 'libx264',
  shed = 0,
  partMs,
}: Order): EncoderPlan {
  const { frameRate } = source
  const partSeconds = partSecondsOf({ segmentSeconds, partMs, frameRate })
  const copied = copiedOf({ source, best: ladder[0], habits, segmentSeconds })
  const keyFrameSeconds = copied && habits && habits.keyFrameEvery / frameRate
  const sheddable = ladder.filter((id) => id !== copied?.id && isFilled(id, source))
  const encoded = encodedOf({ ladder, sheddable, shed, copied })
  const [best = ''] = encoded
  const shown = [...(copied ? [copied.id] : []), ...encoded]
  return {
    input,
    encoder,
    ladder,
    rungs: encoded.map((id) => rungFor(id, source)),
    copied,
    sheddable,
    tracks: [...shown.map((id) => pictures(id, copied)), { id: 'audio', kind: 'audio' }],
    audio: source.audio,
    frameRate,
    colours: coloursOf(source),
    segmentSeconds,
    partSeconds,
    leadSeconds: leadSecondsOf({ segmentSeconds, partSeconds, keyFrameSeconds }),
    standIns: Object.fromEntries(ladder.filter((id) => !shown.includes(id)).map((id) => [id, best])),
  }
}

/** Only a publisher's: nginx-rtmp names its codec. What is pulled keeps time in other ways, and may begin anywhere. */
function isReadable({ codec }: Source): boolean {
  return codec === 'H264'
}

type Known = Pick<Order, 'source' | 'habits' | 'segmentSeconds'>

function copiedOf({ best, habits, ...known }: Known & { best: string | undefined }): Rung | undefined {
  if (!best || !isReadable(known.source) || !isFilled(best, known.source)) return undefined
  const rung = rungFor(best, known.source)
  return mayCopy(habits, { rung, ...known }) ? rung : undefined
}

/** What is copied costs nothing, so a slow node can still show the source as it is. */
function ladderFor({
  pixelsPerSecond,
  ...order
}: Known & Pick<Order, 'qualities' | 'limits' | 'pixelsPerSecond'>) {
  const { source, qualities, limits } = order
  const [best] = planLadder(source, { ...limits, qualities })
  return planLadder(source, {
    ...limits,
    qualities,
    pixelsPerSecond,
    copied: copiedOf({ ...order, best })?.id,
  })
}

type Encoded = { ladder: string[]; sheddable: string[]; shed: number; copied: Rung | undefined }

/** Without those that are shed; the smallest in any case. */
function encodedOf({ ladder, sheddable, shed, copied }: Encoded): string[] {
  const encoded = sheddable.slice(shed)
  if (encoded.length) return encoded
  return copied ? sheddable.slice(-1) : ladder.slice(-1)
}

function pictures(id: string, copied: Rung | undefined): Track {
  if (id !== copied?.id) return { id, kind: 'video' }
  const { frameRate } = copied
  return { id, kind: 'video', copied: { frameRate, mostBitsPerSecond: mostBitsPerSecond(copied) } }
}

/**
 * What numbers mean which colours. Most encoders do not say; then everybody takes HD's for a large picture and SD's for a
 * small one, so that the renditions of one source would differ unless all of them say what the source's size means.
 */
function coloursOf({ height }: Source): Colours {
  return height >= 720 ? 'bt709' : 'smpte170m'
}
