import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeSample, SAMPLE_START } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { type Flaw, type PartSet, packageRun } from './package-run.ts'

const run = promisify(execFile)
const SECONDS = 5.5
/** Two to a segment. */
const KEY_FRAME_EVERY = 30
/** Sound begins a frame of its own earlier: the first picture's stamp is at no whole frame. */
const BEGIN = Math.round((SAMPLE_START + 0.021) * 30) / 30
const size = { width: 320, height: 180, frameRate: 30, audio: true }
const plan = planEncoder({
  source: { ...size, codec: 'H264' },
  ladder: ['v180', 'v90'],
  ...{ segmentSeconds: 2, partMs: 333 },
  habits: {
    ...{ ...size, codecs: 'avc1.42c00d', keyFrameEvery: KEY_FRAME_EVERY },
    ...{ bitsPerSecond: 200_000, steadySeconds: 60 },
  },
})
let folder: string
let film: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copied-'))
  film = await makeFilm('film', ['-g', String(KEY_FRAME_EVERY)])
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

test('a copied picture has its frames where the encoded one has them, though RTMP tells whole milliseconds', async () => {
  const { sets, flaws, births } = await packaged(film)
  expect(flaws).toEqual([])
  expect(births).toEqual([expect.closeTo(BEGIN - 1)])
  expect(sets.map(({ segment }) => segment)).toEqual([
    ...Array(3).fill(0),
    ...Array(6).fill(1),
    ...Array(6).fill(2),
    3,
    3,
  ])
  for (const { parts } of sets) {
    const [copied, encoded] = parts.map(({ fragments }) =>
      fragments.map(({ tick, samples, start }) => ({ tick, duration: samples[0]?.duration, start })),
    )
    expect(copied).toEqual(encoded)
  }
  const keys = sets
    .flatMap(({ parts }) => parts[0]?.fragments ?? [])
    .flatMap(({ key }, at) => (key ? [at] : []))
  expect(keys).toEqual([0, 30, 60, 90, 120, 150])
}, 60_000)

test('a frame that is missing ends the run', async () => {
  const holed = join(folder, 'holed.flv')
  await run('ffmpeg', ['-v', 'error', '-i', film, '-c', 'copy', '-bsf:v', 'noise=drop=eq(n\\,80)', holed])
  const { sets, flaws } = await packaged(holed)
  expect(flaws).toEqual(['a frame of the source is missing'])
  expect(sets.length).toBeGreaterThan(4)
  expect(sets.length).toBeLessThanOrEqual(8)
}, 60_000)

test('a key frame that comes late ends the run before its segment begins', async () => {
  const late = await makeFilm('late', ['-g', '300', '-force_key_frames', '0,1,2,3.1'])
  const { sets, flaws } = await packaged(late)
  expect(flaws).toEqual(['the key frames of the source do not fall on segments any more'])
  expect(sets.at(-1)?.segment).toBe(1)
}, 60_000)

test('a picture that becomes another one ends the run before anybody gets it', async () => {
  const { sets, flaws } = await packaged(film, (copied) => {
    // In the header, then before each key frame: the fourth begins the segment after the first whole one.
    const places = [...copied.toString('latin1').matchAll(/\x67\x42\xc0/g)].map(({ index }) => index)
    const level = (places[4] ?? 0) + 3
    return Buffer.concat([copied.subarray(0, level), Buffer.of(99), copied.subarray(level + 1)])
  })
  expect(flaws).toEqual(['the source sends another picture than it began with'])
  expect(sets.at(-1)?.segment).toBe(1)
}, 60_000)

test('a source that is not read from its first frame on is not shown beside what is encoded', async () => {
  const { flaws } = await packaged(film, (copied) => {
    const second = copied.indexOf('moof', copied.indexOf('moof') + 4) - 4
    return Buffer.concat([copied.subarray(0, copied.indexOf('moof') - 4), copied.subarray(second)])
  })
  expect(flaws).toEqual(['the source does not begin with the frame that is encoded first'])
}, 60_000)

test('a picture that some players do not show ends the run before anybody gets it', async () => {
  const rich = await makeFilm('rich', ['-g', String(KEY_FRAME_EVERY), '-pix_fmt', 'yuv422p10le'])
  const { sets, flaws } = await packaged(rich)
  expect(flaws).toEqual(['the source sends a picture that some players do not show'])
  expect(sets).toEqual([])
}, 60_000)

test.each([
  ['its header', (copied: Buffer) => copied.indexOf('avcC') + 'avcC'.length + 1],
  ['its pictures', (copied: Buffer) => copied.indexOf('\x67\x42\xc0', copied.indexOf('moof'), 'latin1') + 1],
])(
  'such a picture is known if only %s say so',
  async (_, profileAt) => {
    const { sets, flaws } = await packaged(film, (copied) => {
      const at = profileAt(copied)
      return Buffer.concat([copied.subarray(0, at), Buffer.of(122), copied.subarray(at + 1)])
    })
    expect(flaws).toEqual(['the source sends a picture that some players do not show'])
    expect(sets).toEqual([])
  },
  60_000,
)

test('far more bytes than the rendition may have end the run within seconds', async () => {
  const noisy = await makeFilm('noisy', [
    '-g',
    String(KEY_FRAME_EVERY),
    '-vf',
    'noise=alls=100:allf=t',
    '-qp',
    '4',
  ])
  const { sets, flaws } = await packaged(noisy)
  expect(flaws).toEqual(['the source sends more than its rendition may have'])
  expect(sets.length).toBeLessThan(6)
}, 60_000)

async function makeFilm(name: string, keyFrames: string[]) {
  const path = join(folder, `${name}.flv`)
  const picture = `testsrc2=size=320x180:rate=30:duration=${SECONDS}[out0];sine=sample_rate=48000:duration=${SECONDS}[out1]`
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', picture],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-pix_fmt',
      'yuv420p',
      '-sc_threshold',
      '0',
    ],
    ...[...keyFrames, '-c:a', 'aac', path],
  ])
  return path
}

/** A film as the encoder writes it, and what becomes of it. What is copied comes first, as it does. */
async function packaged(path: string, spoiled = (copied: Buffer) => copied) {
  const [encoded = EMPTY, sound = EMPTY, copied = EMPTY] = await encodeSample(
    plan,
    SECONDS,
    SAMPLE_START,
    path,
  )
  const sets: PartSet[] = []
  const flaws: Flaw[] = []
  const births: number[] = []
  let looks = 0
  const packager = packageRun({
    tracks: plan.tracks,
    clock: plan,
    born: ({ phase }) => births.push(phase),
    publish: (set) => sets.push(set),
    ended: () => {},
    broken: (flaw) => flaws.push(flaw),
    now: () => (looks++ ? 1000 * SECONDS : 0),
  })
  const tracks = [spoiled(copied), encoded, sound]
  for (let turn = 0; turn < 50; turn++)
    for (const [at, bytes] of tracks.entries())
      packager.read(at, bytes.subarray(share(bytes, turn), share(bytes, turn + 1)))
  packager.finish()
  return { sets, flaws, births }
}

const EMPTY = Buffer.alloc(0)

function share(bytes: Buffer, turn: number) {
  return Math.round((bytes.length * turn) / 50)
}
