import * as z from 'zod'
import type { Rung, Source } from './ladder-plan.ts'

/** How a source was seen to send its picture. It says nothing of a source that now has another size, rate or sound. */
export const SourceHabits = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  frameRate: z.int().positive(),
  audio: z.boolean(),
  /** As RFC 6381 writes it. */
  codecs: z.string().max(100),
  /** Every so many frames one is a key frame. */
  keyFrameEvery: z.int().positive(),
  bitsPerSecond: z.number().nonnegative(),
  /** How long it has kept to all this, over all its runs. */
  steadySeconds: z.number().nonnegative(),
  /** Why it did not, the last time. */
  flaw: z.string().max(200).optional(),
})
export type SourceHabits = z.infer<typeof SourceHabits>

/** Four key frames of the usual two seconds, and one more. */
export const PROVED_SECONDS = 10
/** Who has failed once proves more: to end a copied run costs all viewers a second. */
export const PROVED_AGAIN_SECONDS = 600
/** More than this is more than the ladder promises to those who choose its best rung. */
const MOST_BITS = 1.5

/** Baseline, Main and High: 4:2:0 of 8 bits, which every browser plays. */
export function isPlayedEverywhere(codecs: string): boolean {
  return /^avc1\.(42|4d|64)/i.test(codecs)
}

/** What a rung may have that is copied. */
export function mostBitsPerSecond(rung: Rung): number {
  return MOST_BITS * rung.bitsPerSecond
}

/** Whether the source was already seen as it is now. */
export function isOf(habits: SourceHabits, { width, height, frameRate, audio }: Source): boolean {
  const alike = habits.width === width && habits.height === height && habits.frameRate === frameRate
  return alike && habits.audio === audio
}

/**
 * Whether a rung may be shown as the source sends it, in segments of so many seconds: then it costs no encoder, and loses
 * nothing. Nobody waits to find out: a source that is not known is encoded, and known the next time. A run that goes on
 * is never ended only to copy: every viewer would pay for it with a discontinuity.
 */
export function mayCopy(
  habits: SourceHabits | undefined,
  { source, rung, segmentSeconds }: { source: Source; rung: Rung; segmentSeconds: number },
): habits is SourceHabits {
  if (!habits || !isOf(habits, source)) return false
  return (
    habits.steadySeconds >= (habits.flaw ? PROVED_AGAIN_SECONDS : PROVED_SECONDS) &&
    isPlayedEverywhere(habits.codecs) &&
    (segmentSeconds * source.frameRate) % habits.keyFrameEvery === 0 &&
    rung.width === source.width &&
    rung.height === source.height &&
    habits.bitsPerSecond <= mostBitsPerSecond(rung)
  )
}
