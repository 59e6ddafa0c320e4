import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { readSource, type SourceFrame } from '../ingest/read-source.ts'
import type { RtmpMessage } from '../ingest/rtmp-message.ts'
import type { SourceHabits } from '../ladder/source-habits.ts'
import { learnHabits } from './learn-habits.ts'

const run = promisify(execFile)
const source = { width: 160, height: 90, frameRate: 25, audio: true }
const SECONDS = 15
let steady: SourceFrame[]

beforeAll(async () => {
  steady = await written(['-g', '25', '-sc_threshold', '0'])
}, 60_000)

test('a source is told of once it has kept to its habits for ten seconds, and at its end', () => {
  const told = learn(steady)
  const bitsPerSecond = expect.closeTo((8 * bytesOf(steady)) / SECONDS, -5)
  const habits = { ...source, codecs: expect.stringMatching(/^avc1\.42/), keyFrameEvery: 25, bitsPerSecond }
  expect(told).toEqual([
    { ...habits, steadySeconds: 10 },
    { ...habits, steadySeconds: 14 },
  ])
})

test('what it did in earlier runs counts, as long as it does the same', () => {
  const [before] = learn(steady)
  expect(learn(steady, before).map(({ steadySeconds }) => steadySeconds)).toEqual([24])
  const other = before && { ...before, keyFrameEvery: 50 }
  expect(learn(steady, other).map(({ steadySeconds }) => steadySeconds)).toEqual([10, 14])
  const larger = before && { ...before, width: 320 }
  expect(learn(steady, larger).map(({ steadySeconds }) => steadySeconds)).toEqual([10, 14])
})

test('who failed once proves more', () => {
  const [before] = learn(steady)
  const flaw = 'a frame of the source is missing'
  const [first] = learn(steady, before && { ...before, steadySeconds: 0, flaw })
  expect(first).toMatchObject({ steadySeconds: 10, flaw })
})

test.each<[string, string[], string | undefined]>([
  ['that leaves one out', ['-bsf:v', 'noise=drop=eq(n\\,340)'], 'a frame of the source is missing'],
  [
    'whose key frames begin to come as they like',
    ['-force_key_frames', '13.4'],
    'the key frames of the source are not evenly spaced',
  ],
])(
  'a source %s after it had proved itself is told of once',
  async (_, options, flaw) => {
    const told = learn(await written(['-g', '25', '-sc_threshold', '0', ...options]))
    expect(told).toMatchObject([{ steadySeconds: 10 }, { steadySeconds: 0, flaw }])
  },
  60_000,
)

test('of a source that reorders its frames, or was never steady, there is nothing to tell', async () => {
  const reordered = ['-tune', 'film', '-bf', '2', '-b_strategy', '0']
  expect(learn(await written(['-g', '25', '-sc_threshold', '0', ...reordered]))).toEqual([])
  expect(learn(await written(['-g', '25', '-bsf:v', 'noise=drop=not(mod(n+1\\,20))']))).toEqual([])
}, 60_000)

test('a source that leaves one out again and again is told of once', async () => {
  const options = ['-g', '10', '-sc_threshold', '0', '-bsf:v', 'noise=drop=not(mod(n+1\\,40))']
  const flaw = 'a frame of the source is missing'
  expect(learn(await written(options))).toMatchObject([{ steadySeconds: 0, flaw }])
}, 60_000)

test('a source that did not fit beside what is encoded is bad from then on', () => {
  const told: SourceHabits[] = []
  const [known] = learn(steady)
  const habits = learnHabits({ source, known, learned: (each) => told.push(each) })
  steady.slice(0, 50).forEach(habits.see)
  habits.failed('the source does not begin with the frame that is encoded first')
  habits.finish()
  expect(told).toMatchObject([{ steadySeconds: 0, flaw: expect.stringMatching(/does not begin/) }])
})

function learn(frames: SourceFrame[], known?: SourceHabits): SourceHabits[] {
  const told: SourceHabits[] = []
  const habits = learnHabits({ source, known, learned: (each) => told.push(each) })
  frames.forEach(habits.see)
  habits.finish()
  return told
}

function bytesOf(frames: SourceFrame[]): number {
  return frames.reduce((sum, { frame }) => sum + frame.data.length, 0)
}

/** As ffmpeg sends it. */
async function written(options: string[]): Promise<SourceFrame[]> {
  const picture = `testsrc2=size=160x90:rate=25:duration=${SECONDS}`
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-tune', 'zerolatency', '-pix_fmt', 'yuv420p', ...options],
      ...['-f', 'flv', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  )
  const frames: SourceFrame[] = []
  readFlv(
    stdout,
    readSource((frame) => frames.push(frame)),
  )
  return frames
}

const [FILE_HEADER_BYTES, TAG_HEADER_BYTES] = [13, 11]

/** What is in an FLV file is what RTMP carries. */
function readFlv(flv: Buffer, take: (message: RtmpMessage) => void) {
  for (let at = FILE_HEADER_BYTES; at < flv.length; ) {
    const [type, length] = [flv.readUInt8(at), flv.readUIntBE(at + 1, 3)]
    const ms = flv.readUIntBE(at + 4, 3) + 2 ** 24 * flv.readUInt8(at + 7)
    const begin = at + TAG_HEADER_BYTES
    take({ type, ms, body: flv.subarray(begin, begin + length) })
    at = begin + length + 4
  }
}
