import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { encodeSample } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { runAccount } from '../encoder/run-account.ts'
import type { Encoder, EncoderOrder, RunSinks } from '../encoder/run-encoder.ts'
import { liveSession } from './live-session.ts'
import { sessionStore } from './session-store.ts'

const source = { width: 320, height: 180, frameRate: 25, audio: true }
const grid = { segmentSeconds: 1, partMs: 333 }
let sample: Buffer[]
let folder: string

beforeAll(async () => {
  sample = await encodeSample(planEncoder({ source, ladder: undefined, ...grid }), 2)
}, 60_000)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the runs of a session survive its process, and are none of the next session of its stream', () => {
  start('sabcdefghijkl').came({ source })
  const again = start('sabcdefghijkl')
  again.came({ source })
  expect(again.runs()).toHaveLength(2)
  expect(start('szyxwvutsrqpo').runs()).toEqual([])
})

test('a session is dated back to when its first picture came', () => {
  vi.useFakeTimers()
  const session = start('sabcdefghijkl')
  const play = () => ({ ...played, heldMs: () => 1500 })
  session.came({ source, play })
  session.write(sample)
  expect(session.report()?.record.startedAt).toBe(new Date(Date.now() - 1500).toISOString())
  vi.useRealTimers()
})

/** What nobody sends anything by. */
const played = {
  joined: Promise.resolve(true),
  isOver: () => false,
  leave: () => {},
  size: () => undefined,
  feed: () => {},
  handedMs: () => 0,
}

/** A session of the stream cam, as a process finds or begins it, whose encoder writes what the test says. */
function start(session: string) {
  let readers: RunSinks['readers'] = []

  function encode({ reports, startRun }: EncoderOrder): Encoder {
    readers = startRun().readers
    reports.keep(runAccount(['ffmpeg']).report)
    return {
      restart: () => {},
      lastLines: () => [],
      reading: () => undefined,
      speed: () => undefined,
      state: () => ({ name: 'stopped' }),
      stop: async () => {},
    }
  }
  const started = liveSession({
    name: 'cam',
    memory: { session, record: undefined, records: [], resumeAfter: undefined, tracks: [] },
    state: { name: 'starting' },
    settings: {
      ...{ ...grid, lowLatency: true, listed: 10, staleMs: 600_000 },
      ...{ hls: true, dash: true },
    },
    store: sessionStore({ stateDirectory: join(folder, 'state'), liveDirectory: join(folder, 'live') }),
    encoding: { encode, budget: () => ({ encoder: 'libx264', pixelsPerSecond: 1e9 }), distrust: () => {} },
    keepThumbnail: () => ({ read: () => {} }),
    changed: () => {},
    observe: { part: () => {}, segment: () => {}, dropped: () => {}, cleaned: () => {} },
    now: Date.now,
    log: createLog('media', () => {}),
  })
  return { ...started, write: (pipes: Buffer[]) => pipes.forEach((bytes, at) => void readers[at]?.(bytes)) }
}
