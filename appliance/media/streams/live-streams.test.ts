import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { encodeSample } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import type { Encoder, EncoderOrder, RunSinks } from '../encoder/run-encoder.ts'
import { keepThumbnail } from '../thumbnails/keep-thumbnail.ts'
import { liveStreams } from './live-streams.ts'
import { sessionStore } from './session-store.ts'

const size = { width: 320, height: 180, frameRate: 25, isDoubtful: false }
const publisher = { app: 'stream', name: 'cam', clientId: '1' }
const [VIDEO, THUMBNAIL] = [0, 2]
const ALL = [0, 1, 2]
/** Of 4.5 s in segments of one: none, one or two of them are whole. */
const [FIRST_FRAMES, ONE_SEGMENT, TWO_SEGMENTS] = [0.15, 0.35, 0.6]
let written: Buffer[]
let folder: string

beforeAll(async () => {
  const source = { ...size, audio: true }
  written = await encodeSample(
    planEncoder({ source, ladder: undefined, segmentSeconds: 1, partMs: 333 }),
    4.5,
  )
}, 60_000)
beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'streams-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

test('a whole segment that an encoder still writes after its publisher has left is no sign of life', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  expect([node.state(), existsSync(live('index.m3u8'))]).toEqual(['live', true])
  node.told.atEnd = () => node.feed(TWO_SEGMENTS)
  node.streams.left(publisher)
  await vi.advanceTimersByTimeAsync(10)
  expect(node.reported()).toMatchObject([{ state: 'waiting' }])
  expect(existsSync(live('index.m3u8'))).toBe(false)
  const playlist = readFileSync(live(node.reported()[0]?.record.session ?? '', 'v180.m3u8'), 'utf8')
  expect(playlist.match(/#EXTINF/g)).toHaveLength(3) // two whole ones and what was left
})

test('a stream that shows nothing new for three segments waits, and is live again with the next', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  await vi.advanceTimersByTimeAsync(2900)
  await node.tick()
  expect([node.state(), existsSync(live('index.m3u8'))]).toEqual(['live', true])
  await vi.advanceTimersByTimeAsync(100)
  await node.tick()
  expect([node.state(), existsSync(live('index.m3u8'))]).toEqual(['waiting', false])
  node.feed(TWO_SEGMENTS)
  expect([node.state(), existsSync(live('index.m3u8'))]).toEqual(['live', true])
})

test('what an encoder that is ended for its silence still hands on neither keeps a stream live nor brings it back', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  node.told.isEnding = true
  await vi.advanceTimersByTimeAsync(2900)
  node.feed(TWO_SEGMENTS)
  await vi.advanceTimersByTimeAsync(100)
  await node.tick()
  expect(node.state()).toBe('waiting')
  node.feed(1)
  expect([node.state(), existsSync(live('index.m3u8'))]).toEqual(['waiting', false])
})

test('who comes back is waited for anew, and that is said, though the memory for live media was full when he left', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  symlinkSync('/dev/full', live(node.reported()[0]?.record.session ?? '', 'session.json.part'))
  node.streams.left(publisher)
  await vi.advanceTimersByTimeAsync(STALE_MS - 1000)
  const until = new Date(Date.now() + STALE_MS).toISOString().slice(11, 19)
  await node.publish()
  expect([node.state(), node.told.encoders]).toEqual(['waiting', 2])
  expect(node.told.notes.at(-1)).toBe(`Its source left. The session waits for its source until ${until} UTC.`)
  expect(node.told.lines.filter((line) => line.includes('"error"'))).toEqual([
    expect.stringMatching(/state of a session could not be kept.*ENOSPC/),
  ])
})

test('nobody finds a stream whose process has ended, whatever its encoder still wrote', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  node.told.atEnd = () => node.feed(TWO_SEGMENTS)
  await node.streams.suspend()
  expect(existsSync(live('index.m3u8'))).toBe(false)
})

test('a publisher that leaves before its first segment leaves nothing, also not for the next process', async () => {
  const node = start()
  await node.publish()
  node.feed(FIRST_FRAMES)
  node.told.atEnd = () => node.feed(TWO_SEGMENTS) // and the first thumbnail
  node.streams.left(publisher)
  await node.tick()
  expect(node.streams.list()).toEqual([])
  expect(existsSync(live())).toBe(false)
  expect(start().streams.list()).toEqual([])
})

test('a first key frame that comes after the farewell begins nothing', async () => {
  const node = start()
  await node.publish()
  node.told.atEnd = () => node.feed(ONE_SEGMENT)
  node.streams.left(publisher)
  await node.tick()
  expect(start().streams.list()).toEqual([])
})

test('a session that is removed leaves the record of the next one alone', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  const [before] = node.streams.list()
  node.streams.left(publisher)
  await vi.advanceTimersByTimeAsync(STALE_MS)
  await node.tick()
  expect(node.reported()).toMatchObject([{ state: 'ended' }])
  await node.publish()
  node.feed(FIRST_FRAMES)
  expect(node.reported()).toEqual([])
  await vi.advanceTimersByTimeAsync(STALE_MS)
  await node.tick()
  expect(existsSync(live(before?.session ?? ''))).toBe(false)
  const [next] = node.streams.list()
  expect(start().reported()).toMatchObject([{ state: 'waiting', record: { session: next?.session } }])
})

test('sound that stops begins a new run; when it does not come back its session goes on with silence', async () => {
  const node = start()
  await node.publish()
  node.feed(ONE_SEGMENT)
  const [before] = node.streams.list()
  await node.feedPicture()
  expect([node.told.restarts, node.told.notes]).toEqual([1, []])
  node.begin()
  await node.sound(false)
  node.feed(ONE_SEGMENT)
  expect(node.told.notes).toContain('The stream began a new run: the sound stopped.')
  expect(node.streams.list()).toEqual([before])
  expect(node.reported()).toMatchObject([{ state: 'live', record: { run: 2 }, renditions: [{ id: 'v180' }] }])
  expect(node.reported()[0]?.renditions[0]?.codecs).toContain('mp4a')
  expect(node.reported()[0]?.audio).toEqual({ id: 'audio', codecs: 'mp4a.40.2', channels: 2 })
  await node.sound(false)
  expect(node.told.encoders).toBe(2)
})

test('that a publisher sends no picture is said while it is there, and what became of it', async () => {
  const node = start()
  node.told.picture = undefined
  await node.publish()
  await vi.advanceTimersByTimeAsync(16_000)
  node.streams.left(publisher)
  await node.publish()
  await vi.advanceTimersByTimeAsync(16_000)
  node.told.picture = size
  await vi.advanceTimersByTimeAsync(2000)
  node.streams.left(publisher)
  const missing = 'It sends no picture. It is shown as soon as its encoder sends one.'
  const left = 'Its publisher left without having sent a picture.'
  expect(node.told.notes).toEqual([missing, left, missing, 'It sent no picture at first.'])
})

test('a publisher may send as soon as his stream is joined, or after a second without', async () => {
  const node = start()
  const joining = Promise.withResolvers<boolean>()
  node.told.played = { ...played, joined: joining.promise }
  const admitted: string[] = []
  void node.streams.came(publisher).then(() => admitted.push('late'))
  await vi.advanceTimersByTimeAsync(999)
  expect(admitted).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  void node.streams.came({ ...publisher, name: 'other' }).then(() => admitted.push('joined'))
  joining.resolve(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(admitted).toEqual(['late', 'joined'])
})

test('the first run of an encoder reads what was joined before its publisher came; the next ones join anew', async () => {
  const node = start()
  await node.publish()
  expect(node.told.plays).toBe(1)
  node.begin()
  expect(node.told.plays).toBe(2)
})

test('what was joined and is over is joined anew, and what a publisher leaves behind is left', async () => {
  const node = start()
  let left = 0
  node.told.played = { ...played, isOver: () => true, leave: () => void left++ }
  await node.publish()
  expect(node.told.plays).toBe(2)
  node.streams.left(publisher)
  expect(left).toBe(1)
})

const STALE_MS = 60_000
/** What nobody sends anything by. */
const played = {
  joined: Promise.resolve(true),
  isOver: () => false,
  leave: () => {},
  size: () => undefined,
  feed: () => {},
  handedMs: () => 0,
  heldMs: () => 0,
}

function live(...path: string[]) {
  return join(folder, 'live', 'cam', ...path)
}

/** The streams of a node whose one encoder writes what the test feeds it. */
function start() {
  const said = { notes: [] as string[], lines: [] as string[] }
  const shown: { picture: typeof size | undefined } = { picture: size }
  const told = {
    restarts: 0,
    encoders: 0,
    plays: 0,
    played,
    atEnd: () => {},
    isEnding: false,
    ...shown,
    ...said,
  }
  let audio = true
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
    settings: {
      segmentSeconds: 1,
      partMs: 333,
      lowLatency: true,
      hls: true,
      dash: true,
      listed: 3,
      staleMs: STALE_MS,
    },
    encoding: { encode, budget: () => ({ encoder: 'libx264', pixelsPerSecond: 1e9 }), distrust: () => {} },
    keepThumbnail,
    changed: () => {},
    noted: (_, sentence) => told.notes.push(sentence),
    observe: { part: () => {}, segment: () => {}, dropped: () => {}, cleaned: () => {} },
    now: Date.now,
    log: createLog('media', (line) => told.lines.push(line)),
  })
  return {
    streams,
    told,
    feed,
    begin: () => begin(),
    state: () => streams.find('cam')?.state(),
    reported: () => streams.list().flatMap((session) => session.report() ?? []),

    async publish() {
      streams.came(publisher)
      await vi.advanceTimersByTimeAsync(10)
    },
    /** Until it is clear that no sound comes. */
    async feedPicture() {
      feed(TWO_SEGMENTS, [VIDEO])
      await vi.advanceTimersByTimeAsync(3001)
      feed(TWO_SEGMENTS + 0.05, [VIDEO])
      await vi.advanceTimersByTimeAsync(10)
    },
    /** Whether sound comes, as nginx-rtmp has found out. */
    async sound(comes: boolean) {
      audio = comes
      await streams.reconcile()
      await vi.advanceTimersByTimeAsync(1200)
    },
    async tick() {
      streams.tick()
      await vi.advanceTimersByTimeAsync(10)
    },
  }
}
