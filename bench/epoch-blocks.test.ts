import { expect, test } from 'vitest'
import { BLOCKS_HEIGHT, BLOCKS_SHARE, BLOCKS_WIDTH, paintMoment, readMoment } from './epoch-blocks.ts'

const now = Date.UTC(2026, 10, 20, 12)

test.each([
  [{ width: 854, height: 480 }, now],
  [{ width: 640, height: 360 }, now - 1419],
  [{ width: 426, height: 240 }, now + 1],
  [{ width: 1920, height: 1080 }, now - 77],
])('what is painted into %o is read again after scaling', (size, moment) => {
  expect(readMoment(scaled(painted(size, moment), size), now)).toBe(moment)
})

test('a moment just before the 32 bits began anew is read just after', () => {
  const size = { width: 854, height: 480 }
  const wrap = Math.floor(now / 2 ** 32) * 2 ** 32
  expect(readMoment(scaled(painted(size, wrap - 500), size), wrap + 900)).toBe(wrap - 500)
})

test('a single block that is read wrongly does not check', () => {
  const size = { width: 854, height: 480 }
  const pixels = scaled(painted(size, now), size)
  for (let block = 0; block < 40; block += 1) expect(readMoment(flipped(pixels, block), now)).toBeUndefined()
})

test('a picture without blocks tells no moment', () => {
  for (const grey of [0, 16, 128, 235, 255])
    expect(readMoment(new Uint8Array(BLOCKS_WIDTH * BLOCKS_HEIGHT * 4).fill(grey), now)).toBeUndefined()
})

function painted(size: { width: number; height: number }, moment: number) {
  const luma = new Uint8Array(size.width * size.height).fill(128)
  paintMoment(luma, size, moment)
  return luma
}

/** As a canvas does it: the blocks' share of the picture, drawn small. */
function scaled(luma: Uint8Array, { width, height }: { width: number; height: number }) {
  const pixels = new Uint8Array(BLOCKS_WIDTH * BLOCKS_HEIGHT * 4)
  for (let y = 0; y < BLOCKS_HEIGHT; y += 1)
    for (let x = 0; x < BLOCKS_WIDTH; x += 1) {
      const fromX = Math.floor(((x + 0.5) * width) / BLOCKS_WIDTH)
      const fromY = Math.floor(((y + 0.5) * height * BLOCKS_SHARE) / BLOCKS_HEIGHT)
      pixels.fill(
        luma[fromY * width + fromX] ?? 0,
        (y * BLOCKS_WIDTH + x) * 4,
        (y * BLOCKS_WIDTH + x) * 4 + 3,
      )
    }
  return pixels
}

function flipped(pixels: Uint8Array, block: number) {
  const other = pixels.slice()
  for (let y = 0; y < 4; y += 1) {
    const from = ((Math.floor(block / 20) * 4 + y) * BLOCKS_WIDTH + (block % 20) * 4) * 4
    for (let at = from; at < from + 16; at += 1) other[at] = 255 - (other[at] ?? 0)
  }
  return other
}
