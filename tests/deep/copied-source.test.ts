import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import { RunReport } from '../../appliance/media/encoder/run-reports.ts'
import { startTestNode } from '../../appliance/media/start-test-node.ts'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import { followStream } from '../conformance/follow-stream.ts'
import { observeSource } from '../conformance/observe-source.ts'

const run = promisify(execFile)
/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const LONG_MS = 240_000
/** With segments of one second: how many frames apart its key frames are. */
const FILMS = {
  steady: { size: '640x360', bits: '600k', keyFrameEvery: 30, sound: true },
  loose: { size: '640x360', bits: '600k', keyFrameEvery: 51, sound: true },
  mute: { size: '320x180', bits: '200k', keyFrameEvery: 15, sound: false },
}
type Film = keyof typeof FILMS
const films: Film[] = ['steady', 'loose', 'mute']

let folder: string
let node: Awaited<ReturnType<typeof startTestNode>>
let http: Awaited<ReturnType<typeof startNodeHttp>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copied-'))
  await Promise.all(films.map(makeFilm))
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

    const first = await publish('cam', 'steady')
    const following = followStream(indexOf('cam'), over.signal)
    expect(await pictureCoders('cam')).toEqual(['libx264', 'libx264', 'mjpeg'])
    expect(await copied('cam')).toEqual([])
    await isKnown('cam')
    await leave('cam', first)

    const second = await publish('cam', 'steady')
    await vi.waitFor(async () => expect(await copied('cam')).toEqual(['v360']), WITHIN)
    expect(await pictureCoders('cam')).toEqual(['libx264', 'copy', 'mjpeg'])
    await vi.waitFor(() => expect(segmentsOf(2).length).toBeGreaterThan(3), WITHIN)
    const [shown, sent] = [await framesOf(segmentsOf(2)), await framesOf([`${pathOf('steady')}.mp4`])]
    const from = sent.indexOf(shown[0] ?? '')
    expect(shown.length).toBeGreaterThan(90)
    expect(shown).toEqual(sent.slice(from, from + shown.length))
    await leave('cam', second)

    await publish('cam', 'loose')
    await vi.waitFor(async () => expect((await node.stream('cam')).record?.run).toBe(4), WITHIN)
    await vi.waitFor(() => expect(segmentsOf(4).length).toBeGreaterThan(3), WITHIN)
    expect(await pictureCoders('cam')).toEqual(['libx264', 'libx264', 'mjpeg'])
    expect(await saidOfRenditions('cam')).toEqual([
      'The key frames of the source do not fall on segments any more: its best rendition is encoded again.',
    ])
    over.abort()
    const { faults, tracks } = await following
    expect([...faults]).toEqual([])
    expect([...tracks.keys()].toSorted()).toEqual(['audio', 'v240', 'v360'])
    expect((await node.stream('cam')).record?.session).toBe(session())
  },
  LONG_MS,
)

test(
  'of a source that has no sound and is shown in its own size alone nothing is encoded',
  async () => {
    const first = await publish('mute', 'mute')
    await isKnown('mute')
    await leave('mute', first)
    await publish('mute', 'mute')
    expect(await pictureCoders('mute')).toEqual(['copy', 'mjpeg'])
    const seen = await observeSource(indexOf('mute'), 4)
    expect(seen).toMatchObject({ faults: [], complaints: [], ended: false, runs: 2, frames: 60 })
    expect(seen.tracks.toSorted()).toEqual(['audio', 'v180'])
    expect(await saidOfRenditions('mute')).toEqual([])
    expect(statSync(node.live('mute', 'thumbnail.jpg')).mtimeMs).toBeGreaterThan(Date.now() - 4000)
  },
  LONG_MS,
)

/** A minute of a moving picture. */
async function makeFilm(name: Film) {
  const { size, bits, keyFrameEvery, sound } = FILMS[name]
  const tone = ['-f', 'lavfi', '-i', 'sine=sample_rate=48000:duration=60', '-c:a', 'aac']
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30:duration=60`],
    ...(sound ? tone : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-g', String(keyFrameEvery), '-sc_threshold', '0', '-b:v', bits, '-maxrate', bits, '-bufsize', bits],
    pathOf(name),
  ])
  // Its frames, with the parameters before each key frame.
  const copy = ['-an', '-c:v', 'copy', '-bsf:v', 'h264_mp4toannexb', `${pathOf(name)}.mp4`]
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', pathOf(name), ...copy])
}

function pathOf(film: Film) {
  return join(folder, `${film}.flv`)
}

async function publish(name: string, film: Film) {
  const input = ['-v', 'error', '-nostdin', '-re', '-i', pathOf(film)]
  const publisher = node.publish(`${name}?key=secret`, (url) => [...input, '-c', 'copy', '-f', 'flv', url])
  await vi.waitFor(async () => expect((await node.stream(name)).state).toBe('live'), WITHIN)
  return publisher
}

async function leave(name: string, publisher: ChildProcess) {
  publisher.kill('SIGKILL')
  await once(publisher, 'close')
  await vi.waitFor(async () => expect((await node.stream(name)).state).toBe('waiting'), WITHIN)
}

/** Its source has been steady for so long that the next run may be planned from it. */
async function isKnown(name: string) {
  const sources = () => readFileSync(node.state('sources.json'), 'utf8')
  await vi.waitFor(() => expect(sources()).toContain(`"${name}"`), WITHIN)
}

async function copied(name: string) {
  const { renditions } = await node.stream(name)
  return renditions.filter((each) => each.copied).map(({ id }) => id)
}

async function saidOfRenditions(name: string) {
  const { problems } = await node.stream(name)
  return problems.map(({ what }) => what).filter((what) => what.includes('rendition'))
}

/** What the present encoder makes of the source's picture, in the order of its command. */
async function pictureCoders(name: string) {
  const { body } = await node.ask('GET', `/streams/${name}/runs`)
  const { command = [] } = RunReport.array().parse(JSON.parse(body).runs).at(-1) ?? {}
  return command.filter((_, at) => command[at - 1] === '-c:v')
}

function indexOf(name: string) {
  return `http://127.0.0.1:${http.playback}/streams/${name}/index.m3u8`
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
