import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { expect, test, vi } from 'vitest'
import type { Encoder, EncoderOrder, RunSinks } from '../encoder/run-encoder.ts'
import type { VideoEncoder } from '../encoder/video-encoders.ts'
import type { Reading } from '../ladder/shed-state.ts'
import type { SourceHabits } from '../ladder/source-habits.ts'
import type { Flaw } from '../packager/package-run.ts'
import type { SessionPackager } from '../packager/package-session.ts'
import { sessionEncoder } from './session-encoder.ts'

const source = { width: 1280, height: 720, frameRate: 30, audio: true, codec: 'H264' }
const habits: SourceHabits = {
  ...{ width: 1280, height: 720, frameRate: 30, audio: true, codecs: 'avc1.64001f' },
  ...{ keyFrameEvery: 60, bitsPerSecond: 2_500_000, steadySeconds: 10 },
}
/** What nobody sends anything by. */
const played = {
  joined: Promise.resolve(true),
  isOver: () => false,
  leave: () => {},
  size: () => undefined,
  feed: () => {},
  handedMs: () => 0,
}
const BEHIND: Reading = { speed: 0.5, backlog: true }

test('an encoder that is too slow begins a new run without its costliest rung, and that is said', () => {
  vi.useFakeTimers()
  const node = start()
  node.read(BEHIND, 14)
  expect(node.restarts).toEqual(['its rungs change'])
  expect(node.runs).toMatchObject([
    { rungs: ['v720', 'v480', 'v360', 'v240'], standIns: {}, encoder: 'libx264' },
    { rungs: ['v480', 'v360', 'v240'], standIns: { v720: 'v480' }, encoder: 'libx264' },
  ])
  expect(node.notes).toEqual([expect.stringMatching(/720p is not encoded.*Viewers of 720p see 480p/)])
  expect(node.session.rungs().map(({ id }) => id)).toEqual(['v480', 'v360', 'v240'])
  vi.useRealTimers()
})

test('a hardware encoder that fails is replaced by the next best, at last by software, and that is said', () => {
  const node = start(['h264_vaapi', 'h264_qsv', 'libx264'])
  for (const encoder of ['h264_vaapi', 'h264_qsv', 'h264_qsv'])
    node.fail([`[${encoder} @ 0x1] Could not find a valid device`])
  expect(node.runs.map(({ encoder }) => encoder)).toEqual(['h264_vaapi', 'h264_qsv', 'libx264', 'libx264'])
  expect(node.notes).toEqual([
    'The hardware encoder h264_vaapi has failed; this node encodes with h264_qsv until it is measured anew.',
    'The hardware encoder h264_qsv has failed; this node encodes with libx264 until it is measured anew.',
  ])
})

test('a source that fails is not held against its hardware encoder', () => {
  const node = start(['h264_v4l2m2m', 'libx264'])
  node.fail(['rtmp://node/cam: Input/output error'])
  expect(node.runs.map(({ encoder }) => encoder)).toEqual(['h264_v4l2m2m', 'h264_v4l2m2m'])
  expect(node.notes).toEqual([])
})

test('what a busy node leaves out of a new stream is said', () => {
  const node = start(['libx264'], 20e6)
  expect(node.runs[0]?.rungs).toEqual(['v480', 'v240'])
  expect(node.notes).toEqual([expect.stringMatching(/not the power for 720p, 360p.*shown in 480p, 240p/)])
})

test('of a source that comes back larger is said that its session shows less of it, and what to do', () => {
  const node = start()
  node.hasBegun(['v180'])
  node.session.begin({ source })
  expect(node.runs.at(-1)?.rungs).toEqual(['v180'])
  expect(node.notes).toEqual([expect.stringMatching(/sends 1280×720 now, but its session began with 180p/)])
  node.hasBegun(['v720'])
  node.session.begin({ source })
  expect(node.notes).toHaveLength(1)
})

test('a source that was seen to fall on segments is copied; when it does not any more, that is said, and it is encoded again', () => {
  const node = start(undefined, undefined, habits)
  expect([node.runs[0]?.rungs, node.session.copied()]).toEqual([['v720', 'v480', 'v360', 'v240'], 'v720'])
  expect(node.session.rungs().map(({ id }) => id)).toEqual(['v480', 'v360', 'v240'])
  node.breakRun('a frame of the source is missing')
  expect(node.restarts).toEqual(['a frame of the source is missing'])
  expect(node.notes).toEqual(['A frame of the source is missing: its best rendition is encoded again.'])
  expect(node.known()).toMatchObject({ steadySeconds: 0, flaw: 'a frame of the source is missing' })
  expect([node.session.copied(), node.session.rungs()[0]?.id]).toEqual([undefined, 'v720'])
})

test('a run that was broken for another reason leaves what is known of its source', () => {
  const node = start(undefined, undefined, habits)
  node.breakRun('the clock of the source jumped')
  expect([node.known(), node.session.copied(), node.notes]).toEqual([habits, 'v720', []])
})

test.each<[string, number | undefined, SourceHabits | undefined, number]>([
  ['that waited to be let in is dated back by as much', 1500, undefined, 1500],
  ['that came as it was encoded, by the part that its encoder hands on at once', 0, undefined, 333],
  ['that is pulled, by that part too', undefined, undefined, 333],
  ['that is copied, by nothing: it comes frame by frame', 0, habits, 0],
])('a first picture %s', (_, heldMs, seen, agoMs) => {
  expect(start(undefined, undefined, seen, heldMs).runs[0]?.agoMs).toBeCloseTo(agoMs, -1)
})

/** A session whose one encoder does what the test says, in a node that uses the first of these that has not failed. */
function start(
  encoders: VideoEncoder[] = ['libx264'],
  pixelsPerSecond = 1e9,
  seen?: SourceHabits,
  heldMs?: number,
) {
  let known = seen
  let record: SessionRecord | undefined
  let broken: ((flaw: Flaw) => void) | undefined
  const runs: { rungs: string[]; standIns: Record<string, string>; encoder: string; agoMs: number }[] = []
  const restarts: string[] = []
  const notes: string[] = []
  const failed = new Set<VideoEncoder>()
  const best = () => encoders.find((encoder) => !failed.has(encoder)) ?? 'libx264'
  let said: string[] = []
  let reading: Reading | undefined
  let sinks: RunSinks | undefined

  function encode({ startRun }: EncoderOrder): Encoder {
    sinks = startRun()
    return {
      restart(reason) {
        restarts.push(reason)
        sinks?.finish(null)
        sinks = startRun()
      },
      reading: () => reading,
      speed: () => undefined,
      lastLines: () => said,
      state: () => ({ name: 'stopped' }),
      stop: async () => {},
    }
  }

  const packager: Pick<SessionPackager, 'startRun' | 'memory'> = {
    memory: () => ({ session: 's', record, records: [], resumeAfter: undefined, tracks: [] }),
    startRun({ tracks, standIns, ...plan }) {
      broken = plan.broken
      const rungs = tracks.filter(({ kind }) => kind === 'video').map(({ id }) => id)
      runs.push({ rungs, standIns, encoder: best(), agoMs: plan.heldMs?.() ?? Number.NaN })
      return { read: () => {}, finish: () => {} }
    },
  }
  const session = sessionEncoder({
    name: 'cam',
    folder: '/nowhere',
    segmentSeconds: 2,
    partMs: 333,
    packager,
    encoding: {
      encode,
      budget: () => ({ encoder: best(), pixelsPerSecond }),
      distrust: (encoder) => failed.add(encoder),
    },
    reports: { keep: () => {}, ended: () => {} },
    sources: {
      of: () => known,
      keep(_, habits) {
        known = habits
      },
    },
    keepThumbnail: () => ({ read: () => {} }),
    broken: () => {},
    noted: (sentence) => notes.push(sentence),
  })
  session.begin({
    source,
    ...(heldMs === undefined ? {} : { play: () => ({ ...played, heldMs: () => heldMs }) }),
  })

  return {
    session,
    runs,
    restarts,
    notes,
    known: () => known,
    hasBegun(ladder: string[]) {
      const [session, now] = ['sabcdefghijkl', new Date().toISOString()]
      const birth = {
        startedAt: now,
        run: 1,
        origin: now,
        phase: 0,
        firstNumber: 1,
        discontinuitySequence: 0,
      }
      record = { session, ...birth, segmentSeconds: 2, ladder }
    },
    breakRun: (flaw: Flaw) => broken?.(flaw),
    read(given: Reading, seconds: number) {
      reading = given
      for (let second = 0; second < seconds; second++) {
        vi.advanceTimersByTime(1000)
        session.tick()
      }
    },
    /** Its process ends by itself, and its supervisor starts it again. */
    fail(lines: string[]) {
      said = lines
      sinks?.finish(1)
      session.present()?.restart('it failed')
    },
  }
}
