import { beforeAll, expect, test } from 'vitest'
import { encodeSample, SAMPLE_START } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { takeBoxes } from './mp4-boxes.ts'
import { readFragment } from './mp4-fragment.ts'
import type { Fragment } from './segmenter.ts'
import { readTrack } from './track-reader.ts'

const source = { width: 320, height: 180, frameRate: 25, audio: true }
const plan = planEncoder({ url: '', source, ladder: undefined, segmentSeconds: 2 })
let video: Buffer
let audio: Buffer

beforeAll(async () => {
  const [first, second] = await encodeSample(plan, 5)
  if (!first || !second) throw new Error('ffmpeg wrote nothing')
  video = first
  audio = second
})

test('video is read frame by frame, with its clock, size, codec and key frames', () => {
  const { init, fragments } = readWhole(video, video.length)
  expect(init).toMatchObject({ timescale: 90_000, width: 320, height: 180 })
  expect(init?.codecs).toMatch(/^avc1\.64[0-9a-f]{4}$/)
  expect(fragments).toHaveLength(125)
  expect(fragments.map(({ start }) => Math.round((start - SAMPLE_START) * 25))).toEqual([
    ...Array(125).keys(),
  ])
  expect(fragments.every(({ duration }) => duration === 0.04)).toBe(true)
  expect(fragments.flatMap(({ key, start }) => (key ? start : []))).toEqual([7.48, 9.48, 11.48])
})

test('audio is read in fragments of about 100 ms without gaps', () => {
  const { init, fragments } = readWhole(audio, audio.length)
  expect(init).toMatchObject({ timescale: 48_000, codecs: 'mp4a.40.2' })
  expect(fragments.every(({ duration }) => duration < 0.15)).toBe(true)
  expect(fragments[0]?.start).toBeCloseTo(SAMPLE_START - 1024 / 48_000) // AAC begins one frame early
  const starts = fragments.slice(1).map(({ start }) => expect.closeTo(start, 6))
  expect(fragments.slice(0, -1).map(({ start, duration }) => start + duration)).toEqual(starts)
})

test.each([1, 7, 1000, 65_536])('pieces of %d bytes give the same as the whole', (size) => {
  expect(readWhole(video.subarray(0, 60_000), size)).toEqual(readWhole(video.subarray(0, 60_000), 60_000))
})

test('init and fragments together are the bytes that the encoder wrote', () => {
  const { init, fragments } = readWhole(video, 4096)
  const kept = Buffer.concat([init?.bytes ?? Buffer.alloc(0), ...fragments.flatMap(({ bytes }) => bytes)])
  expect(kept.equals(video)).toBe(true)
})

test('the name of an init segment follows from its bytes', () => {
  expect(readWhole(video, 4096).init?.file).toBe(readWhole(video, 100).init?.file)
  expect(readWhole(video, 4096).init?.file).not.toBe(readWhole(audio, 4096).init?.file)
})

test('audio that begins before zero is read so', async () => {
  const moof = takeBoxes(audio).boxes.find(({ type }) => type === 'moof')
  if (!moof) throw new Error('ffmpeg wrote no fragment')
  const early = Buffer.from(moof.body)
  early.writeBigInt64BE(-1024n, early.indexOf('tfdt') + 8)
  expect(readFragment(early).start).toBe(-1024)
})

test('a box of an impossible size is an error, not a wait for ever', () => {
  expect(() => takeBoxes(Buffer.from('00000003mdat', 'latin1'))).toThrow(/claims/)
  expect(() => takeBoxes(Buffer.concat([Buffer.from([0, 0, 0, 3]), Buffer.from('mdat')]))).toThrow(/3 bytes/)
})

function readWhole(bytes: Buffer, pieceSize: number) {
  const fragments: Fragment[] = []
  const reader = readTrack((fragment) => fragments.push(fragment))
  for (let at = 0; at < bytes.length; at += pieceSize) reader.read(bytes.subarray(at, at + pieceSize))
  return { init: reader.init(), fragments }
}
