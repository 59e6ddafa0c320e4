import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { eventually } from '../../tests/system/eventually.ts'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

export type TestEncoder = Awaited<ReturnType<typeof startTestEncoder>>

/** For tests of the player: real media from a real encoder. */
export async function startTestEncoder() {
  const folder = await mkdtemp(join(tmpdir(), 'sixcast-player-'))
  const encoder = spawn('ffmpeg', encoding, { cwd: folder, stdio: 'ignore' })
  await eventually(() => readFile(join(folder, 'index.m3u8')), 15_000)
  return {
    folder,
    process: encoder,
    async stop() {
      encoder.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const testStream: StreamView = {
  name: 'demo',
  title: 'Demo',
  description: '',
  open: true,
  state: 'live',
  session: 'saaaaaaaaaaaa',
  manifest: 'index.m3u8',
}

/** The watch page's own server: it shows the stream as the test says it is. */
export function testPages(stream: () => StreamView, relayPort: number) {
  const app = new Hono().route('/', look.routes)
  app.get('/streams/demo', (c) => {
    const { name, manifest, host, state } = stream()
    return state === 'live' ? c.json({ name, manifest, host }) : c.json({ code: 'not-live' }, 404)
  })
  // One way alone, so that a test can take it away.
  app.get('/play/demo', (c) => {
    const { name, manifest, host, state } = stream()
    if (state !== 'live') return c.json({ code: 'not-live' }, 404)
    return c.redirect(`http://${host}/${name}/${manifest}`)
  })
  const streamViews = { list: async () => [stream()], find: async () => stream() }
  const failures = { report: () => {}, recognise: () => undefined }
  const posters = { find: async () => undefined }
  app.route(
    '/',
    viewerRoutes({
      streamViews,
      posters,
      publicUrl: 'https://cast.example',
      relayPort,
      readEveryMs: 100,
      ...failures,
    }),
  )
  return app
}

const types: Record<string, string> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/mp4',
  '.vtt': 'text/vtt',
}

/** A node: the encoder's files. `rewrite` may answer otherwise for a file, or with nothing at all. */
export function testMedia(
  folder: string,
  live: () => boolean = () => true,
  rewrite = (_file: string, bytes: Buffer | undefined): Buffer | undefined => bytes,
) {
  return new Hono().get('/demo/:file', async (c) => {
    const file = c.req.param('file')
    const bytes = rewrite(file, await readFile(join(folder, file)).catch(() => undefined))
    c.header('access-control-allow-origin', '*')
    c.header('content-type', types[extname(file)] ?? 'application/octet-stream')
    // A new viewer is let in only while the stream is live; who watches keeps his playlists.
    const closed = file === 'index.m3u8' && !live()
    return bytes && !closed ? c.body(new Uint8Array(bytes)) : c.notFound()
  })
}

export type TestServer = Awaited<ReturnType<typeof startServer>>

/** A server that can be killed and comes back under the same address. */
export async function startServer(app: Hono) {
  const answer = getRequestListener(app.fetch)
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

/** A small live stream as nodes make them: two renditions of fragmented MP4 in segments of a second, with the time of day. */
const encoding = [
  ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=426x240:rate=15'],
  ...['-f', 'lavfi', '-i', 'sine=frequency=440', '-map', '0:v', '-map', '1:a', '-map', '0:v', '-map', '1:a'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-pix_fmt', 'yuv420p'],
  ...['-s:v:1', '256x144', '-b:v:0', '400k', '-b:v:1', '120k', '-c:a', 'aac'],
  ...['-f', 'hls', '-hls_time', '1', '-hls_list_size', '16', '-hls_segment_type', 'fmp4'],
  ...['-hls_flags', 'independent_segments+program_date_time+temp_file', '-var_stream_map', 'v:0,a:0 v:1,a:1'],
  ...['-master_pl_name', 'index.m3u8', '-hls_fmp4_init_filename', 'init-%v.mp4'],
  ...['-hls_segment_filename', '%v-%d.m4s', 'video-%v.m3u8'],
]
