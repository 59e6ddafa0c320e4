import { beforeAll, expect, test } from 'vitest'
import { encodeSample, SAMPLE_START } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { type Flaw, packageRun, type SegmentSet } from './package-run.ts'
import { durationOf, startOf } from './segmenter.ts'

const source = { width: 320, height: 180, frameRate: 25, audio: true }
const { tracks, ...plan } = planEncoder({ url: '', source, ladder: ['v180', 'v90'], segmentSeconds: 1 })
let written: Buffer[]

beforeAll(async () => {
  written = (await encodeSample({ ...plan, tracks }, 4.5)).slice(0, tracks.length)
})

test('all tracks have the same segments, and the last one is what was left', () => {
  const run = start()
  feedInTurns(run)
  expect(run.sets.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  run.finish()
  expect(run.sets.map(({ index, tail }) => [index, tail])).toEqual([
    ...[0, 1, 2, 3].map((index) => [index, false]),
    [4, true],
  ])
  for (const { segments } of run.sets) {
    expect(segments.map(({ track }) => track.id)).toEqual(['v180', 'v90', 'audio'])
    expect(segments[0]?.cut.fragments[0]?.key).toBe(true)
  }
  expect(
    run.sets.slice(0, 4).map(({ segments }) => segments.map(({ cut }) => Math.round(durationOf(cut)))),
  ).toEqual(Array(4).fill([1, 1, 1]))
  expect(run.flaws).toEqual([])
})

test('audio waits for the first key frame, and begins with the first fragment after it', () => {
  const run = start()
  run.read(2, part(2, 0, 1))
  expect(run.births).toEqual([])
  run.read(0, part(0, 0, 1))
  run.read(1, part(1, 0, 1))
  expect(run.births).toEqual([SAMPLE_START])
  expect(run.sets).toHaveLength(4)
  const starts = run.sets[0]?.segments.map(({ cut }) => startOf(cut) - SAMPLE_START)
  expect(starts).toEqual([0, 0, expect.closeTo(0, 1)])
})

test('a segment waits for the slowest track', () => {
  const run = start()
  run.read(0, part(0, 0, 1))
  run.read(2, part(2, 0, 1))
  expect(run.sets).toHaveLength(0)
  run.finish()
  expect(run.sets).toHaveLength(0)
})

test('a source whose clock jumps ahead cannot go on in the run', () => {
  const run = start(() => 0)
  feedInTurns(run)
  expect(run.flaws).toEqual(['the clock of the source jumped'])
  const before = run.sets.length
  run.finish()
  expect(run.sets).toHaveLength(before)
})

test.each<[Flaw, number[]]>([
  ['the sound stopped', [1, 1, 0]],
  ['the sound stopped', [1, 1, 0.4]],
  ['the picture stopped', [0.4, 0.4, 1]],
])('a run that waits for a track in vain cannot go on: %s', (flaw, shares) => {
  let now = 0
  const run = start(() => now)
  for (let turn = 0; turn < 50; turn++) {
    now += 200
    for (const [at, share] of shares.entries())
      if (turn < 50 * share) run.read(at, part(at, turn / 50, (turn + 1) / 50))
  }
  expect(run.flaws).toEqual([flaw])
  const before = run.sets.length
  run.finish()
  expect(run.sets).toHaveLength(before)
})

/** By its clock the sample is never early: it is born at zero, and all else comes when the sample is over. */
function start(now = afterBirth(5000)) {
  const sets: SegmentSet[] = []
  const births: number[] = []
  const flaws: Flaw[] = []
  const run = packageRun({
    tracks,
    segmentSeconds: 1,
    born: (phase) => births.push(phase),
    publish: (set) => sets.push(set),
    broken: (flaw) => flaws.push(flaw),
    now,
  })
  return { ...run, sets, births, flaws }
}

function afterBirth(ms: number) {
  let looks = 0
  return () => (looks++ ? ms : 0)
}

function feedInTurns(run: ReturnType<typeof start>) {
  for (let turn = 0; turn < 50; turn++)
    for (const at of tracks.keys()) run.read(at, part(at, turn / 50, (turn + 1) / 50))
}

function part(track: number, from: number, to: number): Buffer {
  const bytes = written[track] ?? Buffer.alloc(0)
  return bytes.subarray(Math.round(bytes.length * from), Math.round(bytes.length * to))
}
