import { Problem } from '@sixcast/shared/contract/problem.ts'
import * as z from 'zod'
import { pixelsPerSecondOf, planLadder, type Rung, rungFor } from '../ladder/ladder-plan.ts'
import { type Quality, sizeOf } from '../ladder/qualities.ts'
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

/** A stream that is not encoded yet: what it is ordered in, and whether its source was not there when it was looked at. */
export type Expected = { qualities?: Quality[] | undefined; isAway?: boolean }

/** What is encoded of a stream, or what is to be. */
export type Present = Rung[] | Expected

/** The rest is for decoding, packaging, delivery, and for scenes that are harder than the measured one. */
const SHARE = 0.75
/** Of a core that nobody has measured yet: a small board's does as much. */
const GUESSED_PER_CORE = 50e6
const COMMON = { width: 1920, height: 1080, frameRate: 30, audio: true }
/** A stream of which nothing is known yet is taken for one of 720p. */
const UNKNOWN = { width: 1280, height: 720, frameRate: 30, audio: true }
/** Less is no service for a new stream, if it was not ordered so. */
const LEAST: Quality = '480p'
const SMALLEST: Quality = '240p'
/** A source that begins is found, or is found to be away, within this. */
const BEGINS_WITHIN_SECONDS = 20

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
  return Math.max(0, pixelsPerSecond - present.reduce((sum, each) => sum + pixelsOf(each), 0))
}

/** The Problem that a node takes no further stream, ordered so, beside those present; undefined if it does. */
export function roomFor(
  budget: EncodingBudget,
  present: Present[],
  qualities: Quality[] | undefined,
): Problem | undefined {
  const spare = sparePixels(budget, present)
  const least = smallestOf(qualities) ?? LEAST
  if (present.length === 0 || spare >= pixelsIn([least])) return undefined
  const streams = present.length === 1 ? 'one stream' : `${present.length} streams`
  const room = `beside ${streams} ${Math.floor(spare / 1e6)} of ${inWords(budget.pixelsPerSecond)} are left, and ${least} takes ${Math.ceil(pixelsIn([least]) / 1e6)}`
  const advice = spare >= pixelsIn([SMALLEST]) ? 'Stop one, or order smaller qualities.' : 'Stop one.'
  const beginning = present.filter((each) => !('length' in each) && !each.isAway).length
  if (!beginning) return new Problem('node-full', `This node is full: ${room}. ${advice}`)
  const later = `What ${beginning === 1 ? 'one' : beginning} of them will take is known only in some seconds.`
  return new Problem('node-full', `This node is full: ${room}. ${later} ${advice}`, {
    retry_after: BEGINS_WITHIN_SECONDS,
  })
}

function pixelsOf(present: Present): number {
  if ('length' in present) return pixelsPerSecondOf(present)
  const { qualities, isAway } = present
  // It keeps as much as lets it be shown when it comes.
  if (isAway) return pixelsIn([smallestOf(qualities) ?? SMALLEST])
  return qualities
    ? pixelsIn(qualities)
    : pixelsPerSecondOf(planLadder(UNKNOWN).map((id) => rungFor(id, UNKNOWN)))
}

/** The most that renditions take of a source as they commonly are. */
function pixelsIn(qualities: Quality[]): number {
  return pixelsPerSecondOf(planLadder(COMMON, { qualities }).map((id) => rungFor(id, COMMON)))
}

function smallestOf(qualities: Quality[] | undefined): Quality | undefined {
  return qualities?.toSorted((one, other) => sizeOf(one) - sizeOf(other))[0]
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
