import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

// The real player in a real browser, with real media; nodes, relay and control plane are servers the test can take away.

let folder: string
let encoder: ChildProcess
let browser: Browser
let page: Page
let node: TestServer
let relay: TestServer
let controlPlane: TestServer
let stream: StreamView

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sixcast-player-'))
  encoder = spawn('ffmpeg', encoding(folder), { stdio: 'ignore' })
  browser = await startTestBrowser()
  node = await startServer(media)
  relay = await startServer(media)
  await vi.waitFor(() => readFile(join(folder, 'index.m3u8')), { timeout: 10_000 })
}, 30_000)

afterAll(async () => {
  encoder.kill('SIGKILL')
  await browser.close()
  for (const server of [node, relay, controlPlane]) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  stream = {
    name: 'demo',
    title: 'Demo',
    description: '',
    open: true,
    state: 'live',
    session: 'saaaaaaaaaaaa',
  }
  stream = { ...stream, host: node.host, manifest: 'index.m3u8' }
  controlPlane = await startServer(pages)
  page = await browser.newPage()
  await page.goto(`http://${controlPlane.host}/watch/demo`)
  await moves()
  return async () => {
    await page.close()
    await controlPlane.stop()
    await node.start()
  }
}, 30_000)

test('the picture moves', { timeout: 20_000 }, async () => {
  const frames = await page.evaluate(
    "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames",
  )
  expect(frames).toBeGreaterThan(5)
})

test('when the node dies the relay takes over', { timeout: 30_000 }, async () => {
  const asked = relay.asked()
  await node.stop()
  await takenOver(asked)
  await moves()
})

test('the player plays on without the control plane, even when the node then dies', {
  timeout: 30_000,
}, async () => {
  await controlPlane.stop()
  await moves()
  const asked = relay.asked()
  await node.stop()
  await takenOver(asked)
  await moves()
})

test('a stream that was lost is played from its new address', { timeout: 40_000 }, async () => {
  await node.stop()
  stream = { ...stream, state: 'lost' }
  await page.getByText('The connection to the source is lost.').waitFor({ timeout: 20_000 })
  const moved = await startServer(media)
  stream = { ...stream, state: 'live', session: 'sbbbbbbbbbbbb', host: moved.host }
  await page.getByText('The connection to the source is lost.').waitFor({ state: 'hidden', timeout: 10_000 })
  await moves()
  expect(moved.asked()).toBeGreaterThan(3)
  await moved.stop()
})

/** By the recovery, that is: the watchdog, which would notice in the end, is slower. */
const takenOver = (askedBefore: number) =>
  vi.waitFor(() => expect(relay.asked()).toBeGreaterThan(askedBefore + 3), { timeout: 7000 })

async function moves() {
  const time = () => page.evaluate("document.querySelector('video').currentTime")
  const before = await time()
  await vi.waitFor(async () => expect(await time()).not.toBe(before), { timeout: 10_000 })
  const begun = await time()
  await vi.waitFor(async () => expect(await time()).toBeGreaterThan(Number(begun) + 0.5), { timeout: 10_000 })
}

function pages() {
  const app = new Hono().route('/', look.routes)
  app.get('/streams/demo', (c) =>
    stream.state === 'live'
      ? c.json({ name: 'demo', manifest: stream.manifest, host: stream.host })
      : c.json({ code: 'not-live' }, 404),
  )
  const streamViews = { list: async () => [stream], find: async () => stream }
  const failures = { report: () => {}, recognise: () => undefined }
  app.route('/', viewerRoutes({ streamViews, relayPort: relay.port, readEveryMs: 100, ...failures }))
  return app
}

const types: Record<string, string> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/mp4',
}

function media() {
  return new Hono().get('/demo/:file', async (c) => {
    const file = c.req.param('file')
    const bytes = await readFile(join(folder, file)).catch(() => undefined)
    c.header('access-control-allow-origin', '*')
    c.header('content-type', types[extname(file)] ?? 'application/octet-stream')
    // A new viewer is let in only while the stream is live; who watches keeps his playlists.
    const closed = file === 'index.m3u8' && stream.state !== 'live'
    return bytes && !closed ? c.body(new Uint8Array(bytes)) : c.notFound()
  })
}

type TestServer = Awaited<ReturnType<typeof startServer>>

/** A server that can be killed and comes back under the same address. */
async function startServer(app: () => Hono) {
  const answer = getRequestListener(app().fetch)
  let asked = 0
  const open = async (port: number) => {
    const opened = createServer((request, response) => {
      asked += 1
      void answer(request, response)
    }).listen(port, '127.0.0.1')
    await once(opened, 'listening')
    return opened
  }
  let server = await open(0)
  const { port } = server.address() as AddressInfo

  return {
    port,
    host: `127.0.0.1:${port}`,
    asked: () => asked,
    async start() {
      if (!server.listening) server = await open(port)
    },
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A small live stream, as nodes make them: fragmented MP4 in segments of a second. */
function encoding(into: string): string[] {
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=426x240:rate=15',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440',
  ]
  const codecs = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-g',
    '15',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ]
  const hls = [
    '-f',
    'hls',
    '-hls_time',
    '1',
    '-hls_list_size',
    '8',
    '-hls_segment_type',
    'fmp4',
    '-hls_flags',
    'independent_segments',
  ]
  const names = [
    '-master_pl_name',
    'index.m3u8',
    '-hls_segment_filename',
    `${into}/%d.m4s`,
    `${into}/v240.m3u8`,
  ]
  return [
    '-v',
    'error',
    '-re',
    '-t',
    '300',
    ...inputs,
    '-map',
    '0:v',
    '-map',
    '1:a',
    ...codecs,
    ...hls,
    ...names,
  ]
}
