import * as z from 'zod'
import { pixelsPerSecondOf, planLadder, type Rung, rungFor } from '../ladder/ladder-plan.ts'
import { VideoEncoder } from './video-encoders.ts'

const Speed = z.object({ encoder: VideoEncoder, pixelsPerSecond: z.number().positive() })

/** What a node's machine can encode, as it was measured, and what it was then. */
export const Box = z.object({
  machine: z.object({ ffmpeg: z.string(), cpu: z.string(), cores: z.int().positive() }),
  measuredAt: z.iso.datetime(),
  speeds: z.array(Speed),
  /** Encoders that this ffmpeg has and this machine has not, and what they said. */
  unusable: z.array(z.object({ encoder: VideoEncoder, why: z.string() })),
})
export type Box = z.infer<typeof Box>

/** What may be encoded in real time, and by what. */
export type EncodingBudget = z.infer<typeof Speed>

/** What is encoded of a stream; undefined while it only begins. */
export type Present = Rung[] | undefined

/** The rest is for decoding, packaging, delivery, and for scenes that are harder than the measured one. */
const SHARE = 0.75
/** Of a core that nobody has measured yet: a small board's does as much. */
const GUESSED_PER_CORE = 50e6
const COMMON = { width: 1920, height: 1080, frameRate: 30, audio: true }
/** A stream of which nothing is known yet is taken for one of 720p. */
const UNKNOWN = { width: 1280, height: 720, frameRate: 30, audio: true }
const UNKNOWN_PIXELS = pixelsPerSecondOf(planLadder(UNKNOWN).map((id) => rungFor(id, UNKNOWN)))
/** Less than 480p is no service for a new stream. */
const LEAST_PIXELS = 854 * 480 * 30

/** The whole budget of a node: of the encoder that does most, of those that have not failed since. */
export function budgetOf(
  box: Box | undefined,
  cores: number,
  failed: Set<VideoEncoder> = new Set(),
): EncodingBudget {
  const measured = (box?.speeds ?? []).filter(({ encoder }) => !failed.has(encoder))
  const [first, ...others] = measured
  if (!first) return { encoder: 'libx264', pixelsPerSecond: cores * GUESSED_PER_CORE * SHARE }
  const best = others.reduce(
    (one, other) => (other.pixelsPerSecond > one.pixelsPerSecond ? other : one),
    first,
  )
  return { ...best, pixelsPerSecond: best.pixelsPerSecond * SHARE }
}

/** What is left of a budget beside these streams. */
export function sparePixels({ pixelsPerSecond }: EncodingBudget, present: Present[]): number {
  const used = present.map((rungs) => (rungs ? pixelsPerSecondOf(rungs) : UNKNOWN_PIXELS))
  return Math.max(0, pixelsPerSecond - used.reduce((sum, pixels) => sum + pixels, 0))
}

/** Why a node takes no further stream beside those present; undefined if it does. */
export function roomFor(budget: EncodingBudget, present: Present[]): string | undefined {
  const spare = sparePixels(budget, present)
  if (present.length === 0 || spare >= LEAST_PIXELS) return undefined
  const streams = present.length === 1 ? 'one stream' : `${present.length} streams`
  return `This node is full: it has ${streams} to encode, and another would not be in real time (${inWords(spare)} of ${inWords(budget.pixelsPerSecond)} are left). Stop one, or order fewer qualities.`
}

/** What a measured machine can do without the encoders that have failed since, for people. */
export function describeBox(box: Box, failed: Set<VideoEncoder> = new Set()): string {
  const { encoder, pixelsPerSecond } = budgetOf(box, box.machine.cores, failed)
  const ladder = planLadder(COMMON, { pixelsPerSecond })
  const names = ladder.map((id) => `${id.slice(1)}p`).join(', ')
  const hardware = box.speeds.map(({ encoder: each }) => each).filter((each) => each !== 'libx264')
  const others = hardware.length
    ? `Its hardware encoders are ${hardware.join(', ')}`
    : 'It has no hardware encoder that works'
  const since = failed.size ? ` Failed since, and not used: ${[...failed].join(', ')}.` : ''
  return `This node encodes ${inWords(pixelsPerSecond)} in real time with ${encoder}: of a 1080p30 source ${names}. ${others}.${since}`
}

/** What is taken for granted of a machine that nobody has measured, for people. */
export function describeGuess({ pixelsPerSecond }: EncodingBudget): string {
  return `This node has not been measured yet. It is taken to encode ${inWords(pixelsPerSecond)} in real time.`
}

function inWords(pixelsPerSecond: number): string {
  return `${Math.round(pixelsPerSecond / 1e6)} megapixels a second`
}
