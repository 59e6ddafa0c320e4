/** Blocks of light and dark along the top of a picture that say when it was taken: 32 bits of milliseconds and 8 that check them. */
const COLUMNS = 20
const ROWS = 2
/** Of the picture's height, for all rows: blocks of 21 × 24 pixels are left at 240p. */
export const BLOCKS_SHARE = 0.2
/** What a picture's blocks are scaled to before they are read: of each block's 4 × 4 pixels the inner four count. */
export const BLOCKS_WIDTH = COLUMNS * 4
export const BLOCKS_HEIGHT = ROWS * 4

const DARK = 16
const LIGHT = 235
const WRAP = 2 ** 32

type Size = { width: number; height: number }

/** Paints `moment` (ms since 1970) into the luma plane of a picture. */
export function paintMoment(luma: Uint8Array, { width, height }: Size, moment: number): void {
  const rowHeight = Math.floor((height * BLOCKS_SHARE) / ROWS)
  blocksOf(moment).forEach((light, at) => {
    const column = at % COLUMNS
    const top = Math.floor(at / COLUMNS) * rowHeight
    const from = Math.round((column * width) / COLUMNS)
    const until = Math.round(((column + 1) * width) / COLUMNS)
    for (let y = top; y < top + rowHeight; y += 1)
      luma.fill(light ? LIGHT : DARK, y * width + from, y * width + until)
  })
}

/** The moment in the RGBA pixels of the blocks, scaled to BLOCKS_WIDTH × BLOCKS_HEIGHT; undefined when they do not check. */
export function readMoment(pixels: ArrayLike<number>, now: number): number | undefined {
  const blocks = Array.from({ length: COLUMNS * ROWS }, (_, at) => {
    const left = (at % COLUMNS) * 4 + 1
    const top = Math.floor(at / COLUMNS) * 4 + 1
    const places = [top, top + 1].flatMap((y) => [left, left + 1].map((x) => (y * BLOCKS_WIDTH + x) * 4))
    // Grey: the green of it will do.
    return places.reduce((sum, place) => sum + (pixels[place + 1] ?? 0), 0) / places.length > 128
  })
  return momentOf(blocks, now)
}

function blocksOf(moment: number): boolean[] {
  const low = moment % WRAP
  return [...bits(low, 32), ...bits(checkOf(low), 8)]
}

/** Seven weeks fit into 32 bits: of the moments they can mean it is the one next to `now`. */
function momentOf(blocks: boolean[], now: number): number | undefined {
  const low = numberOf(blocks.slice(0, 32))
  if (numberOf(blocks.slice(32)) !== checkOf(low)) return undefined
  return low + WRAP * Math.round((now - low) / WRAP)
}

/** Not zero of zero: a black picture must not check. */
function checkOf(low: number): number {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(low / 2 ** shift) & 255)
  return bytes.reduce((sum, byte, at) => sum + byte * (2 * at + 1), 0x5a) & 255
}

const bits = (value: number, count: number) =>
  Array.from({ length: count }, (_, at) => Math.floor(value / 2 ** (count - 1 - at)) % 2 === 1)
const numberOf = (blocks: boolean[]) => blocks.reduce((value, light) => value * 2 + (light ? 1 : 0), 0)
