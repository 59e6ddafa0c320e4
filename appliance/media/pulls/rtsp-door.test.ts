import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findSources } from './find-source.ts'
import { openRtspDoor } from './rtsp-door.ts'
import { readSourceUrl } from './source-url.ts'
import { startTestCamera } from './start-test-camera.ts'

const WITHIN = { timeout: 60_000, interval: 50 }

/** What is found at the camera's address, by everybody else's way. */
async function find(scheme: string, port: number) {
  const sources = findSources({
    ingestDirectory: '/nowhere',
    rtmpServer: 'rtmp://127.0.0.1',
    publishedTo: () => undefined,
    houseDoor: 'http://127.0.0.1:9',
    check: async () => ({ address: '127.0.0.1', place: 'house' }),
  })
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  return sources.find(readSourceUrl(`${scheme}://eve:s3cret@camera:${port}/cam?a=b`, 1935), ending.signal)
}

async function start(camera: Parameters<typeof startTestCamera>[0]) {
  const started = await startTestCamera(camera)
  onTestFinished(started.stop)
  return started
}

/** A service of this machine that nobody is to speak to. */
async function startVictim() {
  const heard: string[] = []
  const server = createServer((socket) => {
    heard.push('somebody came')
    socket.end('RTSP/1.0 404 a secret\r\n\r\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { heard, port: { port: 0, ...Object(server.address()) }.port }
}

const SEEN = { width: 320, height: 180, frameRate: 25, audio: false }

test('a camera is found through its door, with its password', async () => {
  const camera = await start({ server: createServer() })
  expect(await find('rtsp', camera.port)).toMatchObject({ found: { source: SEEN } })
  expect(camera.asked.map((line) => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']),
  )
  expect(camera.asked.join()).toContain('/cam?a=b')
}, 60_000)

test('a camera that speaks TLS is found too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'camera-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-subj', '/CN=camera']
  await promisify(execFile)('openssl', ['req', '-x509', '-nodes', ...made, '-keyout', key, '-out', cert])
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) })
  const camera = await start({ server: server.on('tlsClientError', () => {}) })
  expect(await find('rtsps', camera.port)).toMatchObject({ found: { source: SEEN } })
}, 60_000)

test.each(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'])(
  'a camera that leads elsewhere when asked for %s is not followed',
  async (when) => {
    const victim = await startVictim()
    const redirect = `RTSP/1.0 302 Moved\r\nLocation: rtsp://127.0.0.1:${victim.port}/steal\r\n\r\n`
    const answer = (method: string) => (method === when ? redirect : undefined)
    const camera = await start({ server: createServer(), answer })
    const { why } = { why: '', ...(await find('rtsp', camera.port)) }
    if (when !== 'PLAY') expect(why).toMatch(/refuses to be read, or leads to an address/)
    expect(camera.asked.some((line) => line.startsWith(when))).toBe(true)
    expect(victim.heard).toEqual([])
  },
  60_000,
)

test('a camera that refuses connections is said to do so', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = { port: 0, ...Object(server.address()) }
  await new Promise((resolve) => server.close(resolve))
  expect(await find('rtsp', port)).toEqual({ why: 'The camera at camera refuses connections.' })
}, 60_000)

test('a camera that speaks no RTSP does no more than fail, and the door closes with its signal', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = { port: 0, ...Object(server.address()) }
  expect(await find('rtsp', port)).toHaveProperty('why')
  const ending = new AbortController()
  const door = await openRtspDoor({ address: '127.0.0.1', port }, ending.signal)
  ending.abort()
  const again = createServer()
  await vi.waitFor(async () => {
    again.listen(door, '127.0.0.1')
    await once(again, 'listening')
  }, WITHIN)
  again.close()
}, 60_000)

test('ffmpeg that goes while a camera is being reached breaks nothing, nor does a camera without TLS', async () => {
  const reached = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    reached.resolve()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ending = new AbortController()
  onTestFinished(() => {
    ending.abort()
    server.close()
  })
  const { port } = { port: 0, ...Object(server.address()) }
  const camera = { address: '127.0.0.1', port, tls: { name: 'camera' } }
  const door = await openRtspDoor(camera, ending.signal)
  const socket = connect(door, '127.0.0.1')
  socket.write('OPTIONS rtsp://camera/ RTSP/1.0\r\n\r\n')
  await reached.promise
  socket.resetAndDestroy()
  await once(socket, 'close')
  const second = connect(door, '127.0.0.1')
    .on('error', () => {})
    .resume()
  await once(second, 'connect')
  ending.abort()
  await once(second, 'close')
})
