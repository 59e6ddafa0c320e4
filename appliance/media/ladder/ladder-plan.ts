/** What is known of a source before its encoder starts. */
export type Source = { width: number; height: number; frameRate: number; audio: boolean }

/** One rendition as ordered. `id` is its STABLE-VARIANT-ID and the name of its playlist. */
export type Rung = { id: string; width: number; height: number; frameRate: number; bitsPerSecond: number }

const TALLEST = 1080
/** Cinema's widest. What a publisher says of its picture may be anything, and width is work. */
const WIDEST = 2.4
const LOWER_RUNGS: [sourceHeight: number, rungs: number[]][] = [
  [1080, [720, 360]],
  [720, [360]],
  [480, [240]],
]
const KBITS_BY_HEIGHT: [height: number, kbits: number][] = [
  [1080, 4500],
  [720, 2500],
  [480, 1200],
  [360, 800],
  [240, 400],
  [0, 250],
]

/** The ids of the renditions a session has from its first run to its end, the best first. */
export function planLadder({ height }: Source): string[] {
  const top = even(Math.min(height, TALLEST))
  const [, lower = []] = LOWER_RUNGS.find(([from]) => top >= from) ?? []
  return [top, ...lower].map((rung) => `v${rung}`)
}

/** What a rendition means for the source of the present run, which may have another shape than the session's first. */
export function rungFor(id: string, source: Source): Rung {
  const height = Number(id.slice(1))
  return {
    id,
    width: even(Math.min((source.width * height) / source.height, height * WIDEST)),
    height,
    frameRate: source.frameRate,
    bitsPerSecond: bitsPerSecond(height, source.frameRate),
  }
}

function bitsPerSecond(height: number, frameRate: number) {
  const [, kbits] = KBITS_BY_HEIGHT.find(([from]) => height >= from) ?? [0, 250]
  return kbits * 1000 * (frameRate > 30 ? 1.5 : 1)
}

/** H.264 with 4:2:0 colours has no odd sizes. */
function even(pixels: number) {
  return Math.max(2, 2 * Math.round(pixels / 2))
}
