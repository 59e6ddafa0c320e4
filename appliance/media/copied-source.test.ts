import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import { followStream } from '../../tests/conformance/follow-stream.ts'
import { RunReport } from './encoder/run-reports.ts'
import { startTestNode } from './start-test-node.ts'

const run = promisify(execFile)
/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const LONG_MS = 240_000
/** With segments of one second. */
const EACH_SEGMENT = 30
const NO_SEGMENT = 51

let folder: string
let node: Awaited<ReturnType<typeof startTestNode>>
let http: Awaited<ReturnType<typeof startNodeHttp>>
let publisher: ChildProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copied-'))
  await Promise.all([EACH_SEGMENT, NO_SEGMENT].map((frames) => makeFilm(frames)))
  node = await startTestNode()
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
  http = await startNodeHttp(node.runtimeDirectory)
}, LONG_MS)
afterAll(async () => {
  await http?.stop()
  await node?.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

test(
  'a source whose key frames fall on segments is encoded once, then copied, and encoded again when they do not any more',
  async () => {
    onTestFailed(() => console.error(node.log.join('\n')))
    const over = new AbortController()

    await publish(EACH_SEGMENT)
    const following = followStream(index(), over.signal)
    expect(await pictureCoders()).toEqual(['libx264', 'libx264', 'copy', 'mjpeg'])
    expect(await copied()).toEqual([])
    await vi.waitFor(
      () => expect(readFileSync(node.state('sources.json'), 'utf8')).toContain('"cam"'),
      WITHIN,
    )
    await leave()

    await publish(EACH_SEGMENT)
    await vi.waitFor(async () => expect(await copied()).toEqual(['v360']), WITHIN)
    expect(await pictureCoders()).toEqual(['libx264', 'copy', 'mjpeg'])
    await vi.waitFor(() => expect(segmentsOf(2).length).toBeGreaterThan(3), WITHIN)
    const [shown, sent] = [await framesOf(segmentsOf(2)), await framesOf([`${film(EACH_SEGMENT)}.mp4`])]
    const from = sent.indexOf(shown[0] ?? '')
    expect(shown.length).toBeGreaterThan(90)
    expect(shown).toEqual(sent.slice(from, from + shown.length))
    await leave()

    await publish(NO_SEGMENT)
    await vi.waitFor(async () => expect((await node.stream('cam')).record?.run).toBe(4), WITHIN)
    await vi.waitFor(() => expect(segmentsOf(4).length).toBeGreaterThan(3), WITHIN)
    expect(await pictureCoders()).toEqual(['libx264', 'libx264', 'copy', 'mjpeg'])
    const { problems, record } = await node.stream('cam')
    expect(problems.map(({ what }) => what)).toEqual([
      'The key frames of the source do not fall on segments any more: its best rendition is encoded again.',
    ])
    over.abort()
    const { faults, tracks } = await following
    expect([...faults]).toEqual([])
    expect([...tracks.keys()].toSorted()).toEqual(['audio', 'v240', 'v360'])
    expect(record?.session).toBe(session())
  },
  LONG_MS,
)

/** A minute of a moving picture, with a key frame every so many frames. */
async function makeFilm(keyFrameEvery: number) {
  const picture = 'testsrc2=size=640x360:rate=30:duration=60[out0];sine=sample_rate=48000:duration=60[out1]'
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', picture],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...[
      '-g',
      String(keyFrameEvery),
      '-sc_threshold',
      '0',
      '-b:v',
      '600k',
      '-maxrate',
      '600k',
      '-bufsize',
      '600k',
    ],
    ...['-c:a', 'aac', film(keyFrameEvery)],
  ])
  // Its frames, with the parameters before each key frame.
  const copy = ['-an', '-c:v', 'copy', '-bsf:v', 'h264_mp4toannexb', `${film(keyFrameEvery)}.mp4`]
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', film(keyFrameEvery), ...copy])
}

function film(keyFrameEvery: number) {
  return join(folder, `${keyFrameEvery}.flv`)
}

async function publish(keyFrameEvery: number) {
  const input = ['-v', 'error', '-nostdin', '-re', '-i', film(keyFrameEvery)]
  publisher = node.publish('cam?key=secret', (url) => [...input, '-c', 'copy', '-f', 'flv', url])
  await vi.waitFor(async () => expect((await node.stream('cam')).state).toBe('live'), WITHIN)
}

async function leave() {
  publisher.kill('SIGKILL')
  await once(publisher, 'close')
  await vi.waitFor(async () => expect((await node.stream('cam')).state).toBe('waiting'), WITHIN)
}

async function copied() {
  const { renditions } = await node.stream('cam')
  return renditions.filter((each) => each.copied).map(({ id }) => id)
}

/** What the present encoder makes of the source's picture, in the order of its command. */
async function pictureCoders() {
  const { body } = await node.ask('GET', '/streams/cam/runs')
  const { command = [] } = RunReport.array().parse(JSON.parse(body).runs).at(-1) ?? {}
  return command.filter((_, at) => command[at - 1] === '-c:v')
}

function index() {
  return `http://127.0.0.1:${http.playback}/streams/cam/index.m3u8`
}

function session() {
  return readdirSync(node.live('cam')).find((name) => /^s[a-z0-9]{12}$/.test(name)) ?? ''
}

/** The whole segments that are there of a run, each with its header. */
function segmentsOf(run: number): string[] {
  const track = node.live('cam', session(), 'v360')
  const files = readFileSync(`${track}.m3u8`, 'utf8').matchAll(/^#EXT-X-MAP:URI="(.+)"|^(.+\.m4s)$/gm)
  let header = ''
  return [...files].flatMap(([, map, uri = '']) => {
    header = map ?? header
    return uri.includes(`/${run}-`) ? [`${header} ${uri}`] : []
  })
}

/** A digest of each frame of what is played one after the other. */
async function framesOf(files: string[]): Promise<string[]> {
  const parts = files.map((each) => each.split(' '))
  const whole = join(folder, 'whole')
  const paths = [
    ...new Set(parts.flatMap(([header]) => header ?? [])),
    ...parts.flatMap(([, uri]) => uri ?? []),
  ]
  const content = paths.map((path) =>
    readFileSync(path.startsWith('/') ? path : node.live('cam', session(), path)),
  )
  writeFileSync(whole, Buffer.concat(content))
  const show = ['-select_streams', 'v', '-show_data_hash', 'md5', '-show_entries', 'packet=data_hash']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...show, '-of', 'csv=p=0', whole])
  return stdout.trim().split('\n')
}
