import type { LadderLimits } from './node-limits.ts'
import { type Quality, sizeOf } from './qualities.ts'

/** What is known of a source before its encoder starts. */
export type Source = {
  width: number
  height: number
  frameRate: number
  audio: boolean
  /** Of its picture, as nginx-rtmp calls it. */
  codec?: string | undefined
}

/** One rendition as ordered. `id` is its STABLE-VARIANT-ID and the name of its playlist. */
export type Rung = { id: string; width: number; height: number; frameRate: number; bitsPerSecond: number }

/** With what the operator of the node allows. */
type Limits = LadderLimits & {
  /** What this node can still encode in real time. */
  pixelsPerSecond?: number | undefined
  /** What the stream is ordered to be shown in; all if absent. */
  qualities?: Quality[] | undefined
  /** The rendition that is shown as the source sends it, and costs nothing. */
  copied?: string | undefined
}

const LARGEST = 1080
const BELOW_THE_LARGEST = [720, 480, 360, 240]
/** Two rungs that are nearly the same cost twice and give nobody anything. */
const LARGEST_STEP = 0.85
/** Cinema's widest. What a publisher says of its picture may be anything, and width is work. */
const WIDEST = 2.4
const KBITS_BY_SIZE: [size: number, kbits: number][] = [
  [1080, 4500],
  [720, 2500],
  [480, 1200],
  [360, 800],
  [240, 400],
  [0, 250],
]

/**
 * The ids of the renditions a session has from its first run to its end, the best first. A rendition is called by its
 * shorter side, so that a portrait 720 × 1280 is 720p like its landscape twin. Within the limits the smallest comes first,
 * for poor lines, then what fits from the best down.
 */
export function planLadder(
  source: Source,
  { pixelsPerSecond = Number.POSITIVE_INFINITY, copied, mostRenditions = 100, ...limits }: Limits = {},
): string[] {
  const sizes = sizesFor(source, limits)
  const costOf = (size: number) =>
    idOf(size) === copied ? 0 : pixelsPerSecondOf([rungFor(idOf(size), source)])
  const costs = new Map(sizes.map((size) => [size, costOf(size)]))
  const chosen = new Set<number>()
  let left = pixelsPerSecond
  const smallest = sizes.slice(-1)
  const only = sizes.filter((size) => (costs.get(size) ?? 0) <= pixelsPerSecond).slice(0, 1)
  for (const size of mostRenditions === 1 ? [...only, ...smallest] : [...smallest, ...sizes]) {
    const cost = costs.get(size) ?? 0
    if (chosen.size >= mostRenditions) break
    if (chosen.has(size) || (cost > left && chosen.size > 0)) continue
    chosen.add(size)
    left -= cost
  }
  return sizes.filter((size) => chosen.has(size)).map(idOf)
}

/** What a node leaves out of what it would make of a source if it were faster, for people; undefined if it makes all. */
export function leftOut(ladder: string[], source: Source, limits: Limits = {}): string | undefined {
  const missing = planLadder(source, limits).filter((id) => !ladder.includes(id))
  return missing.length
    ? `This node has not the power for ${inWords(missing)} of this stream beside what else it encodes. It is shown in ${inWords(ladder)}.`
    : undefined
}

/** What a session shows less of its source's present picture than one that begins now would, for people, and what to do. */
export function outgrown(name: string, ladder: string[], source: Source, limits: Limits): string | undefined {
  const [[shown = ''], [best = '']] = [ladder, planLadder(source, limits)]
  if (sizeIn(shown) > sizeIn(best) * LARGEST_STEP) return undefined
  return `Its source sends ${source.width}×${source.height} now, but its session began with ${inWords([shown])} and shows no more: to see more of it, end the session (npm run streams -- stop ${name}) and publish or start it anew.`
}

/**
 * What a rendition means for the source of the present run, which may have another shape than the session's first, or be
 * smaller than the rendition: nothing is made larger than it came.
 */
export function rungFor(id: string, { width, height, frameRate }: Source): Rung {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)]
  const size = Math.min(sizeIn(id), evenWithin(shorter))
  const long = Math.min(even(size * Math.min(longer / shorter, WIDEST)), evenWithin(longer))
  const [shownWidth, shownHeight] = width < height ? [size, long] : [long, size]
  return {
    id,
    width: shownWidth,
    height: shownHeight,
    frameRate,
    bitsPerSecond: bitsPerSecond(size, frameRate),
  }
}

/** What a set of renditions asks of an encoder: the effort is in proportion to it, whatever the sizes. */
export function pixelsPerSecondOf(rungs: Rung[]): number {
  return rungs.reduce((sum, { width, height, frameRate }) => sum + width * height * frameRate, 0)
}

/** A source that shrank fills only some of its session's rungs; hardly larger than itself is still full. */
export function isFilled(id: string, { width, height }: Source): boolean {
  return sizeIn(id) * LARGEST_STEP <= Math.min(width, height)
}

function sizesFor({ width, height }: Source, { qualities, tallestQuality }: Limits): number[] {
  const tallest = tallestQuality ? sizeOf(tallestQuality) : LARGEST
  const own = evenWithin(Math.min(width, height, tallest))
  if (qualities) return unique(qualities.map((quality) => Math.min(sizeOf(quality), own)))
  return [own, ...BELOW_THE_LARGEST.filter((size) => size <= own * LARGEST_STEP)]
}

function unique(sizes: number[]): number[] {
  return [...new Set(sizes)].sort((one, other) => other - one)
}

function inWords(ids: string[]): string {
  return ids.map((id) => `${id.slice(1)}p`).join(', ')
}

function sizeIn(id: string): number {
  return Number(id.slice(1))
}

function idOf(size: number): string {
  return `v${size}`
}

function bitsPerSecond(size: number, frameRate: number): number {
  const [, kbits] = KBITS_BY_SIZE.find(([from]) => size >= from) ?? [0, 250]
  return kbits * 1000 * (frameRate > 30 ? 1.5 : 1)
}

/** H.264 with 4:2:0 colours has no odd sizes. */
function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2))
}

function evenWithin(pixels: number): number {
  return Math.max(2, 2 * Math.floor(pixels / 2))
}
