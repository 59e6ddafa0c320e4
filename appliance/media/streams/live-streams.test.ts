import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { encodeSample } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import {
  FIRST_FRAMES,
  ONE_SEGMENT,
  played,
  publisher,
  STALE_MS,
  size,
  startTestStreams,
  TWO_SEGMENTS,
} from './start-test-streams.ts'

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

function live(...path: string[]) {
  return join(folder, 'live', 'cam', ...path)
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)
const start = () => startTestStreams({ folder, written, pass })
