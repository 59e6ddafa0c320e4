import { beforeAll, expect, test } from 'vitest'
import { encodeSample } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { takePicture } from './split-pictures.ts'

let written: Buffer

beforeAll(async () => {
  const source = { width: 320, height: 180, frameRate: 25, audio: false }
  const plan = planEncoder({ source, ladder: undefined, segmentSeconds: 1, partMs: 333 })
  written = (await encodeSample(plan, 9)).at(-1) ?? Buffer.alloc(0)
})

test('the encoder makes a picture of the first frame and of every fourth second', () => {
  const pictures = feed(1000)
  expect(pictures).toHaveLength(5)
  expect(Buffer.concat(pictures).equals(written)).toBe(true)
  for (const picture of pictures) expect(picture.toString('latin1', 6, 10)).toBe('JFIF')
})

test('of several pictures at once the last is kept', () => {
  expect(takePicture(written).picture?.equals(feed(1000).at(-1) ?? Buffer.alloc(0))).toBe(true)
})

test('what is no picture is not kept for ever', () => {
  expect(takePicture(Buffer.alloc(5 * 1024 * 1024)).rest).toHaveLength(0)
})

function feed(pieceSize: number) {
  const pictures: Buffer[] = []
  let rest: Buffer = Buffer.alloc(0)
  for (let at = 0; at < written.length; at += pieceSize) {
    const taken = takePicture(Buffer.concat([rest, written.subarray(at, at + pieceSize)]))
    rest = taken.rest
    if (taken.picture) pictures.push(taken.picture)
  }
  return pictures
}
