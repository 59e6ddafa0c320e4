import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import { startTestMirror } from '../../appliance/media/start-test-mirror.ts'
import { sleep } from '../../shared/runtime/repeat.ts'
import { followManifest } from '../conformance/follow-manifest.ts'
import { followStream } from '../conformance/follow-stream.ts'
import { ownMounts } from '../setup/own-mounts.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { servePlayerPage } from '../system/serve-player-page.ts'
import { run } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

type Node = Awaited<ReturnType<typeof startTestMirror>>
const WITHIN = { timeout: 60_000, interval: 50 }
const MEASURED_MS = 20_000
/** Of a mirror: less than what the playlists of its stream list takes, with its parts. */
const LIVE_BYTES = 4_000_000
const SETTINGS = { SEGMENT_DURATION: '2', PART_DURATION: '333' }
const PAGE = `<video muted autoplay></video><script src="/player.js"></script><script>
  const hls = new Hls({ lowLatencyMode: true }), errors = []
  hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && errors.push(details))
  hls.loadSource(location.search.slice(1)); hls.attachMedia(document.querySelector('video'))</script>`

let origin: Node
let mirror: Node
let publisher: ChildProcess
let browser: Browser
let page: Awaited<ReturnType<typeof servePlayerPage>>
let session = ''

beforeAll(async () => {
  ;[origin, mirror] = [await started('127.0.0.1'), await started('127.0.0.2')]
  browser = await startTestBrowser()
  page = await servePlayerPage('hls.js/dist/hls.min.js', PAGE)
  publisher = origin.publish('cam?key=secret', source)
  await vi.waitFor(async () => expect(await origin.stream('cam')).toMatchObject({ state: 'live' }), WITHIN)
  session = (await origin.stream('cam')).record?.session ?? ''
  mirror.agent.orders({ stream: 'cam', session, from: origin.endpoint })
  await isLive()
})
afterAll(async () => {
  await page?.stop()
  await browser?.close()
  for (const node of [mirror, origin]) await node?.stop()
})

const step = (name: string, story: () => Promise<void>) =>
  test(name, async () => {
    onTestFailed(() => console.error([...origin.log, 'MIRROR', ...mirror.log].join('\n')))
    await story()
  })

step('a copy takes a small part of what the encoding takes, and is milliseconds behind', async () => {
  const before = [origin, mirror].map(ticksOf)
  await sleep(MEASURED_MS)
  const after = [origin, mirror].map(ticksOf)
  const [atOrigin = 0, atMirror = 0] = after.map(
    (ticks, at) => ((ticks - (before[at] ?? 0)) * 1000) / MEASURED_MS,
  )
  const tracks = (await mirror.stream('cam')).renditions.length + 1
  console.log(
    `percent of a core: origin ${atOrigin.toFixed(1)}, mirror ${atMirror.toFixed(1)} for ${tracks} tracks`,
  )
  console.log(delaysIn((await mirror.ask('GET', '/metrics')).body))
  expect(atMirror).toBeLessThan(atOrigin / 4)
})

step('hls.js, ffprobe and mpv play from the mirror', async () => {
  const viewer = await browser.newPage()
  await viewer.goto(`${page.url}?${url('index.m3u8')}`)
  await vi.waitFor(async () => expect((await playback(viewer)).time).toBeGreaterThan(3), WITHIN)
  for (const [program, options] of players) {
    const { code, text } = await run(program, [...options, url('index.m3u8')])
    expect(code, text).toBe(0)
  }
  expect(await viewer.evaluate('errors')).toEqual([])
  await viewer.close()
})

step(
  'whatever happens to the origin, the playlists and the manifest of its copy keep every promise',
  async () => {
    const over = new AbortController()
    const following = followStream(url('index.m3u8'), over.signal)
    const followingDash = followManifest(url('manifest.mpd'), over.signal)
    const viewer = await browser.newPage()
    await viewer.goto(`${page.url}?${url('index.m3u8')}`)
    await vi.waitFor(async () => expect((await playback(viewer)).time).toBeGreaterThan(1), WITHIN)

    const back = await origin.loseHttp()
    await vi.waitFor(
      async () => expect(await mirror.stream('cam')).toMatchObject({ state: 'waiting' }),
      WITHIN,
    )
    expect((await mirror.stream('cam')).problems.at(-1)?.what).toMatch(/does not serve it now: .*shown on/)
    expect((await mirror.get(`/cam/${session}/v240.m3u8`)).status).toBe(200)
    await back()
    await isLive()
    expect((await mirror.stream('cam')).problems.at(-1)?.what).toMatch(/The copy went on after \d+ s/)

    const restart = await origin.crashMedia()
    restart()
    await vi.waitFor(
      async () => expect(await mirror.stream('cam')).toMatchObject({ state: 'live', record: { run: 2 } }),
      WITHIN,
    )
    publisher.kill('SIGKILL')
    await vi.waitFor(async () => expect((await mirror.get('/cam/index.m3u8')).status).toBe(404), WITHIN)
    await vi.waitFor(() => expect(mirror.agent.reported('cam')).toMatchObject({ state: 'waiting' }), WITHIN)
    publisher = origin.publish('cam?key=secret', source)
    await vi.waitFor(
      async () => expect(await mirror.stream('cam')).toMatchObject({ state: 'live', record: { run: 3 } }),
      WITHIN,
    )
    await sleep(3000)
    const { time } = await playback(viewer)
    await vi.waitFor(async () => expect((await playback(viewer)).time).toBeGreaterThan(time + 2), WITHIN)
    expect(await viewer.evaluate('errors')).toEqual([])
    await viewer.close()
    over.abort()
    const { faults, tracks } = await following
    expect([...faults]).toEqual([])
    expect([...tracks.keys()].toSorted()).toEqual(['audio', 'v240', 'v360'])
    expect([...(await followingDash).faults]).toEqual([])
    for (const track of tracks.keys())
      await vi.waitFor(async () => {
        const [there, here] = await Promise.all(
          [origin, mirror].map((node) => node.get(`/cam/${session}/${track}.m3u8`)),
        )
        expect(here?.body.equals(there?.body ?? Buffer.alloc(0))).toBe(true)
      }, WITHIN)
  },
)

step('media of the mirror dies and copies on', async () => {
  const restart = await mirror.crashMedia()
  expect((await mirror.get('/cam/index.m3u8')).status).toBe(200)
  const begun = performance.now()
  restart()
  await isLive()
  await vi.waitFor(async () => {
    const [there, here] = await Promise.all(
      [origin, mirror].map((node) => node.get(`/cam/${session}/v360.m3u8`)),
    )
    expect(here?.body.equals(there?.body ?? Buffer.alloc(0))).toBe(true)
  }, WITHIN)
  console.log(`the copy went on ${Math.round(performance.now() - begun)} ms after media was started`)
})

test.runIf(ownMounts)(
  'when the memory of the mirror is full the oldest goes, and the copy goes on',
  async () => {
    const small = await started('127.0.0.3', LIVE_BYTES)
    onTestFailed(() => console.error(small.log.join('\n')))
    try {
      small.agent.orders({ stream: 'cam', session, from: origin.endpoint })
      await vi.waitFor(async () => expect(await small.stream('cam')).toMatchObject({ state: 'live' }), WITHIN)
      const playlist = small.ownLive('cam', session, 'v360.m3u8')
      const until = performance.now() + MEASURED_MS
      for (const first = newestIn(playlist); performance.now() < until; await sleep(20)) {
        expect(missingIn(playlist)).toEqual([])
        expect(newestIn(playlist)).toBeGreaterThanOrEqual(first)
      }
      const { state, problems } = await small.stream('cam')
      expect([state, problems.map(({ what }) => what).join()]).toEqual([
        'live',
        expect.stringMatching(/memory for live media is full/),
      ])
      const behind = newestIn(origin.live('cam', session, 'v360.m3u8')) - newestIn(playlist)
      expect(behind).toBeLessThan(3)
    } finally {
      await small.stop()
    }
  },
)

step('the end of the session is the end of its copy', async () => {
  mirror.agent.orders({ stream: 'cam', session, from: origin.endpoint })
  await origin.ask('DELETE', '/streams/cam')
  await vi.waitFor(
    () => expect(mirror.agent.reported('cam')).toMatchObject({ state: 'ended', role: 'mirror' }),
    WITHIN,
  )
  for (const file of [`${session}/v240.m3u8`, `${session}/audio.m3u8`, 'manifest.mpd'])
    await vi.waitFor(async () => {
      const [there, here] = await Promise.all([origin, mirror].map((node) => node.get(`/cam/${file}`)))
      expect([here?.status, here?.body.equals(there?.body ?? Buffer.alloc(0))]).toEqual([200, true])
    }, WITHIN)
  expect((await mirror.get(`/cam/${session}/v240.m3u8`)).body.toString()).toContain('#EXT-X-ENDLIST')
})

async function started(host: string, liveBytes?: number) {
  const node = await startTestMirror(host, SETTINGS, liveBytes)
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
  return node
}

const isLive = () =>
  vi.waitFor(async () => expect(await mirror.stream('cam')).toMatchObject({ state: 'live' }), WITHIN)

const url = (file: string) => `http://${mirror.endpoint}/cam/${file}`

const players: [string, string[]][] = [
  ['ffprobe', ['-v', 'error', '-read_intervals', '%+2', '-show_entries', 'packet=pts_time']],
  ['mpv', ['--no-config', '--vo=null', '--ao=null', '--really-quiet', '--length=2']],
]

function source(to: string): string[] {
  const picture = 'testsrc2=size=640x360:rate=25[out0];sine=sample_rate=48000[out1]'
  return [
    ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', picture, '-c:v', 'libx264'],
    ...['-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '50', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-f', 'flv', to],
  ]
}

/** Of media and its encoders, in hundredths of a second. */
function ticksOf(node: Node): number {
  const pid = String(node.mediaPid())
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? []
  return [pid, ...children].reduce((sum, each) => sum + ticksIn(each), 0)
}

function ticksIn(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function delaysIn(metrics: string): string {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith('streaming_copied_part_delay'))
    .join('\n')
}

/** What a playlist lists and is not there. A file that went meanwhile is no longer listed. */
function missingIn(playlist: string): string[] {
  const missing = listedIn(playlist).filter((uri) => !existsSync(playlist.replace(/[^/]+$/, uri)))
  const listed = missing.length ? new Set(listedIn(playlist)) : new Set()
  return missing.filter((uri) => listed.has(uri))
}

function listedIn(playlist: string): string[] {
  const lines = readFileSync(playlist, 'utf8')
    .split('\n')
    .filter((line) => !/HINT|REPORT/.test(line))
  return lines.flatMap((line) =>
    line.startsWith('#') ? (/URI="([^"]+)"/.exec(line)?.[1] ?? []) : line || [],
  )
}

function newestIn(playlist: string): number {
  return Math.max(...listedIn(playlist).map((uri) => Number(/-(\d+)(\.\d+)?\.m4s$/.exec(uri)?.[1] ?? 0)))
}
