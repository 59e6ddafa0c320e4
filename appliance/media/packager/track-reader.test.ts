import { spawnSync } from 'node:child_process'
import { beforeAll, expect, test } from 'vitest'
import { encodeSample, SAMPLE_START } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { joinFragments } from './join-fragments.ts'
import { takeBoxes } from './mp4-boxes.ts'
import { readFragment } from './mp4-fragment.ts'
import type { Fragment } from './part-grid.ts'
import { readTrack } from './track-reader.ts'

const source = { width: 320, height: 180, frameRate: 25, audio: true }
const plan = planEncoder({ source, ladder: undefined, segmentSeconds: 2, partMs: 333 })
let video: Buffer
let audio: Buffer

beforeAll(async () => {
  const [first, second] = await encodeSample(plan, 5)
  if (!first || !second) throw new Error('ffmpeg wrote nothing')
  video = first
  audio = second
}, 60_000)

test('video is read frame by frame, with its clock, size, codec and key frames', () => {
  const { init, fragments } = readWhole(video, video.length)
  expect(init).toMatchObject({ timescale: 90_000, width: 320, height: 180 })
  expect(init?.codecs).toMatch(/^avc1\.64[0-9a-f]{4}$/)
  expect(fragments).toHaveLength(125)
  expect(fragments.map(({ start }) => Math.round((start - SAMPLE_START) * 25))).toEqual([
    ...Array(125).keys(),
  ])
  expect(fragments.every(({ duration }) => duration === 0.04)).toBe(true)
  expect(fragments.flatMap(({ key, start }) => (key ? start : []))).toEqual([7.48, 8.4, 10.4, 12.4]) // the first segment is short
})

test('sound is read frame by frame without gaps', () => {
  const { init, fragments } = readWhole(audio, audio.length)
  expect(init).toMatchObject({ timescale: 48_000, codecs: 'mp4a.40.2' })
  expect(
    fragments.slice(1, -1).every(({ samples }) => samples.length === 1 && samples[0]?.duration === 1024),
  ).toBe(true)
  expect(fragments[0]?.start).toBeCloseTo(SAMPLE_START - 1024 / 48_000) // AAC begins one frame early
  const starts = fragments.slice(1).map(({ start }) => expect.closeTo(start, 6))
  expect(fragments.slice(0, -1).map(({ start, duration }) => start + duration)).toEqual(starts)
})

test.each([1, 7, 1000, 65_536])('pieces of %d bytes give the same as the whole', (size) => {
  expect(readWhole(video.subarray(0, 60_000), size)).toEqual(readWhole(video.subarray(0, 60_000), 60_000))
})

test.each([
  ['video', () => video],
  ['audio', () => audio],
])('frames of %s joined to one fragment are the same frames, with less around them', (_, written) => {
  const { init, fragments } = readWhole(written(), 4096)
  const joined = Buffer.concat([init?.bytes ?? Buffer.alloc(0), ...joinFragments(fragments, 7)])
  const again = readWhole(joined, joined.length)
  expect(takeBoxes(joined).boxes.map(({ type }) => type)).toEqual(['ftyp', 'moov', 'moof', 'mdat'])
  expect(again.fragments).toEqual(fragments)
  expect(joined.length).toBeLessThan(written().length)
})

test('a joined fragment plays in ffmpeg, frame by frame as the encoder wrote it', async () => {
  const { init, fragments } = readWhole(video, 4096)
  const parts = [fragments.slice(0, 10), fragments.slice(10, 50), fragments.slice(50)]
  const joined = Buffer.concat([
    init?.bytes ?? Buffer.alloc(0),
    ...parts.flatMap((part, at) => joinFragments(part, at)),
  ])
  expect(framesOf(joined)).toEqual(framesOf(video))
  expect(framesOf(joined)).toHaveLength(125)
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

/** Time, duration and checksum of each decoded frame. */
function framesOf(file: Buffer): string[] {
  const { stdout, stderr } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-copyts', '-i', '-', '-f', 'framecrc', '-'],
    {
      input: file,
    },
  )
  expect(stderr.toString()).toBe('')
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
}
