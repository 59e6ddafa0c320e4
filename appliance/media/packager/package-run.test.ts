import { beforeAll, expect, test } from 'vitest'
import { encodeSample, SAMPLE_START } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { type Flaw, type PartSet, packageRun, type RunClock } from './package-run.ts'
import { durationOf, startOf } from './part-grid.ts'

const source = { width: 320, height: 180, frameRate: 25, audio: true }
const { tracks, ...plan } = planEncoder({
  source,
  ladder: ['v180', 'v90'],
  segmentSeconds: 1,
  partMs: 333,
})
let written: Buffer[]

beforeAll(async () => {
  written = (await encodeSample({ ...plan, tracks }, 4.5)).slice(0, tracks.length)
}, 60_000)

test('all tracks have the same parts, and the last one is what was left', () => {
  const run = start()
  feedInTurns(run)
  run.finish()
  for (const { parts } of run.sets)
    expect(parts.map(({ track }) => track.id)).toEqual(['v180', 'v90', 'audio'])
  const frames = run.sets.map(({ segment, parts }) => [segment, parts[0]?.fragments.length])
  expect(frames.slice(0, 8)).toEqual([
    [0, 9],
    [0, 7],
    [1, 9],
    [1, 9],
    [1, 7],
    [2, 9],
    [2, 9],
    [2, 7],
  ])
  expect(run.sets.map(({ closes }) => closes).slice(0, 6)).toEqual([false, true, false, false, true, false])
  expect(run.ends).toBe(1)
  expect(run.flaws).toEqual([])
})

test('every segment begins with a key frame, the first one late: so it is there soon', () => {
  const run = start()
  feedInTurns(run)
  const { partSeconds, leadSeconds } = plan
  expect(leadSeconds).toBeCloseTo(partSeconds)
  expect(run.births[0]).toBeCloseTo(SAMPLE_START - leadSeconds)
  const first = new Map(run.sets.toReversed().map(({ segment, parts }) => [segment, parts[0]?.fragments[0]]))
  expect([...first.values()].every((fragment) => fragment?.key)).toBe(true)
  expect(first.get(1)?.start).toBeCloseTo(SAMPLE_START - leadSeconds + 1)
})

test('sound is as long as the picture within one of its frames', () => {
  const run = start()
  feedInTurns(run)
  for (const { parts } of run.sets) {
    const [picture, , sound] = parts.map(({ fragments }) => startOf(fragments) + durationOf(fragments))
    expect(Math.abs((picture ?? 0) - (sound ?? 0))).toBeLessThan(0.022)
  }
})

test('when the encoder dies no sound is left over that has no picture', () => {
  const run = start()
  const upTo = (track: number, until: number) => run.read(track, part(track, 0, until))
  upTo(0, 0.55)
  upTo(1, 0.55)
  upTo(2, 0.58)
  run.finish()
  const [picture, , sound] =
    run.sets.at(-1)?.parts.map(({ fragments }) => startOf(fragments) + durationOf(fragments)) ?? []
  expect(picture).toBeGreaterThan(SAMPLE_START + 1)
  expect(sound).toBeLessThan((picture ?? 0) + 0.022)
})

test('audio waits for the first key frame, and begins with the first fragment after it', () => {
  const run = start()
  run.read(2, part(2, 0, 1))
  expect(run.births).toEqual([])
  run.read(0, part(0, 0, 1))
  run.read(1, part(1, 0, 1))
  expect(run.births).toHaveLength(1)
  const starts = run.sets[0]?.parts.map(({ fragments }) => startOf(fragments) - SAMPLE_START)
  expect(starts).toEqual([0, 0, expect.closeTo(0, 1)])
})

test('a run begins at no time before zero, which no MP4 can tell', () => {
  const early = new Map(
    tracks.map((_, at) => [at, shifted(written[at] ?? Buffer.alloc(0), -SAMPLE_START - 1.5)]),
  )
  const run = start()
  for (let turn = 0; turn < 50; turn++)
    for (const [at, bytes] of early) run.read(at, slice(bytes, turn / 50, (turn + 1) / 50))
  expect(run.births[0]).toBeGreaterThanOrEqual(-plan.leadSeconds)
  const ticks = run.sets.flatMap(({ parts }) =>
    parts.flatMap(({ fragments }) => fragments.map(({ tick }) => tick)),
  )
  expect(ticks.length).toBeGreaterThan(0)
  expect(Math.min(...ticks)).toBeGreaterThanOrEqual(0)
})

test('sound that begins a hair before zero is left out', () => {
  const run = start()
  const hair = 16 / 48_000
  const early = written.map((bytes, at) =>
    shifted(bytes, -SAMPLE_START - (tracks[at]?.kind === 'audio' ? hair : 0)),
  )
  for (let turn = 0; turn < 50; turn++)
    for (const [at, bytes] of early.entries()) run.read(at, slice(bytes, turn / 50, (turn + 1) / 50))
  const ticks = run.sets[0]?.parts.map(({ fragments }) => fragments[0]?.tick)
  expect(ticks).toEqual([0, 0, 1024 - 16])
})

test('a hole in the numbers is not passed over', () => {
  const run = start()
  for (const at of tracks.keys()) run.read(at, part(at, 0, 0.4))
  const moofs = (bytes: Buffer) =>
    [...bytes.toString('latin1').matchAll(/moof/g)].map(({ index }) => (index ?? 0) - 4)
  for (const at of tracks.keys()) {
    const bytes = written[at] ?? Buffer.alloc(0)
    const cutAt = Math.round(bytes.length * 0.4)
    const rest = moofs(bytes).filter((offset) => offset > cutAt)
    const [first = 0] = rest
    const far = rest[Math.round(rest.length * 0.6)] ?? 0
    run.read(at, bytes.subarray(cutAt, first))
    run.read(at, bytes.subarray(far))
  }
  expect(run.flaws).toEqual(['the source left a hole'])
})

test('a segment that does not begin with a key frame ends the run', () => {
  const run = start(afterBirth(5000), { segmentSeconds: 0.8, partSeconds: 0.4 })
  feedInTurns(run)
  expect(run.flaws).toEqual(['a segment does not begin with a key frame'])
})

test('a part waits for the slowest track', () => {
  const run = start()
  run.read(0, part(0, 0, 1))
  run.read(2, part(2, 0, 1))
  expect(run.sets).toHaveLength(0)
  run.finish()
  expect(run.sets).toHaveLength(0)
})

test('a run whose first picture waited is dated back by that, and what catches up with it is no jump', () => {
  const run = start(() => 0, plan, 2000)
  feedInTurns(run)
  expect(run.agoMs).toEqual([2000])
  expect(run.flaws).toEqual([])
  expect(run.sets.length).toBeGreaterThan(8)
})

test('a source whose clock jumps ahead cannot go on in the run', () => {
  const run = start(() => 0)
  feedInTurns(run)
  expect(run.flaws).toEqual(['the clock of the source jumped'])
  const before = run.sets.length
  run.finish()
  expect(run.sets).toHaveLength(before)
  expect(run.ends).toBe(1)
})

test('how long segments are has nothing to do with how far ahead a source is', () => {
  let now = 0
  const run = start(() => now, { segmentSeconds: 10, partSeconds: 0.36 })
  for (let turn = 0; turn < 50; turn++) {
    for (const at of tracks.keys()) run.read(at, part(at, turn / 50, (turn + 1) / 50))
    now += 90
  }
  expect(run.flaws).toEqual([])
  expect(run.sets.length).toBeGreaterThan(8)
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
function start(now = afterBirth(5000), clock: RunClock = plan, heldMs = 0) {
  const sets: PartSet[] = []
  const births: number[] = []
  const agoMs: number[] = []
  const flaws: Flaw[] = []
  const told = { ends: 0 }
  const run = packageRun({
    tracks,
    clock,
    born(place) {
      births.push(place.phase)
      agoMs.push(place.agoMs)
    },
    publish: (set) => sets.push(set),
    ended: () => {
      told.ends += 1
    },
    broken: (flaw) => flaws.push(flaw),
    heldMs: () => heldMs,
    now,
  })
  return Object.assign(told, run, { sets, births, agoMs, flaws })
}

function afterBirth(ms: number) {
  let looks = 0
  return () => (looks++ ? ms : 0)
}

function feedInTurns(run: ReturnType<typeof start>) {
  for (let turn = 0; turn < 50; turn++)
    for (const at of tracks.keys()) run.read(at, part(at, turn / 50, (turn + 1) / 50))
}

/** The same media at another time: each `tfdt`, behind the `mdhd` that tells the timescale. */
function shifted(media: Buffer, seconds: number): Buffer {
  const bytes = Buffer.from(media)
  const timescale = bytes.readUInt32BE(bytes.indexOf('mdhd') + 16)
  for (let at = bytes.indexOf('tfdt'); at >= 0; at = bytes.indexOf('tfdt', at + 4))
    bytes.writeBigInt64BE(bytes.readBigInt64BE(at + 8) + BigInt(Math.round(seconds * timescale)), at + 8)
  return bytes
}

function part(track: number, from: number, to: number): Buffer {
  return slice(written[track] ?? Buffer.alloc(0), from, to)
}

function slice(bytes: Buffer, from: number, to: number): Buffer {
  return bytes.subarray(Math.round(bytes.length * from), Math.round(bytes.length * to))
}
