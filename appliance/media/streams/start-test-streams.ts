import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import type { Encoder, EncoderOrder, RunSinks } from '../encoder/run-encoder.ts'
import { keepThumbnail } from '../thumbnails/keep-thumbnail.ts'
import { liveStreams } from './live-streams.ts'
import { sessionStore } from './session-store.ts'

export const size = { width: 320, height: 180, frameRate: 25, isDoubtful: false }
export const publisher = { app: 'stream', name: 'cam', clientId: '1' }
const [VIDEO, THUMBNAIL] = [0, 2]
const ALL = [0, 1, 2]
/** Of 4.5 s in segments of one: none, one or two of them are whole. */
export const [FIRST_FRAMES, ONE_SEGMENT, TWO_SEGMENTS] = [0.15, 0.35, 0.6]
export const STALE_MS = 60_000
/** What nobody sends anything by. */
export const played = {
  joined: Promise.resolve(true),
  isOver: () => false,
  leave: () => {},
  size: () => undefined,
  feed: () => {},
  handedMs: () => 0,
  heldMs: () => 0,
}

type Node = { folder: string; written: Buffer[]; pass: (milliseconds: number) => Promise<unknown> }
type Told = ReturnType<typeof nothingTold>

/**
 * For tests: the streams of a node that keeps them below `folder`, whose one encoder writes what the test feeds it of what was
 * `written`, pipe by pipe. Time passes as `pass` has it.
 */
export function startTestStreams({ folder, written, pass }: Node) {
  const told = nothingTold()
  const { encode, feed, begin } = fedEncoder(written, told)
  let audio = true
  const streams = liveStreams({
    rtmp: {
      publishers: async () => [{ ...publisher, bytesIn: 0, video: told.picture, audio }],
      drop: async () => {},
      play() {
        told.plays++
        return told.played
      },
    },
    urlOf: () => '',
    store: sessionStore({ stateDirectory: join(folder, 'state'), liveDirectory: join(folder, 'live') }),
    settings: SETTINGS,
    encoding: { encode, budget: () => ({ encoder: 'libx264', pixelsPerSecond: 1e9 }), distrust: () => {} },
    keepThumbnail,
    changed: () => {},
    noted: (_, sentence) => told.notes.push(sentence),
    observe: { part: () => {}, segment: () => {}, dropped: () => {}, cleaned: () => {} },
    now: Date.now,
    log: createLog('media', (line) => told.lines.push(line)),
  })
  return {
    ...{ streams, told, feed, begin },
    state: () => streams.find('cam')?.state(),
    reported: () => streams.list().flatMap((session) => session.report() ?? []),

    async publish() {
      streams.came(publisher)
      await pass(10)
    },
    /** Until it is clear that no sound comes. */
    async feedPicture() {
      feed(TWO_SEGMENTS, [VIDEO])
      await pass(3001)
      feed(TWO_SEGMENTS + 0.05, [VIDEO])
      await pass(10)
    },
    /** Whether sound comes, as nginx-rtmp has found out. */
    async sound(comes: boolean) {
      audio = comes
      await streams.reconcile()
      await pass(1200)
    },
    async tick() {
      streams.tick()
      await pass(10)
    },
  }
}

const SETTINGS = {
  ...{ segmentSeconds: 1, partMs: 333, listed: 3, staleMs: STALE_MS },
  ...{ lowLatency: true, hls: true, dash: true },
}

/** What the streams have done, and what a test has them find. */
function nothingTold() {
  const said = { notes: [] as string[], lines: [] as string[] }
  const shown: { picture: typeof size | undefined } = { picture: size }
  const counts = { restarts: 0, encoders: 0, plays: 0 }
  return { ...counts, ...shown, ...said, played, atEnd: () => {}, isEnding: false }
}

function fedEncoder(written: Buffer[], told: Told) {
  let sinks: RunSinks = { args: [], readers: [], finish: () => {} }
  let begin = () => {}
  let fed = 0

  function encode({ startRun }: EncoderOrder): Encoder {
    begin = () => {
      fed = 0
      sinks = startRun()
    }
    begin()
    told.encoders++
    return {
      restart: () => void told.restarts++,
      lastLines: () => [],
      reading: () => undefined,
      speed: () => undefined,
      state: () => (told.isEnding ? { name: 'stopping', failures: 1, killAt: 0 } : { name: 'stopped' }),
      async stop() {
        const { finish } = sinks
        await Promise.resolve()
        told.atEnd()
        finish()
      },
    }
  }

  /** Writes these pipes up to this share of the sample. */
  function feed(until: number, pipes = sinks.readers.length === 3 ? ALL : [VIDEO, THUMBNAIL]) {
    for (const [at, pipe] of pipes.entries()) {
      const bytes = written[pipe] ?? Buffer.alloc(0)
      sinks.readers[at]?.(bytes.subarray(Math.round(bytes.length * fed), Math.round(bytes.length * until)))
    }
    fed = until
  }

  return { encode, feed, begin: () => begin() }
}
