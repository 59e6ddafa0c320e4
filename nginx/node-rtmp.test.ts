import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { amf, MESSAGE, OUR_CHUNKS, writtenMessage } from '../appliance/media/ingest/rtmp-message.ts'
import { freePort } from '../tests/setup/free-port.ts'
import { serve, startNginx, user } from './start-test-nginx.ts'

const folder = mkdtempSync(`${tmpdir()}/sixcast-rtmp-`)
const lan = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
let port: number
let nginx: Awaited<ReturnType<typeof startNginx>>
let media: Awaited<ReturnType<typeof serve>>
let allowed = true
let connected: string[] = []
let called: { host: string; url: string; form: URLSearchParams }[] = []
const running: { child: ChildProcess; closed: Promise<unknown> }[] = []

beforeAll(async () => {
  port = await freePort()
  media = await serve(`${folder}/media.sock`, async (received, response) => {
    const { url = '', headers } = received
    const form = new URLSearchParams(await text(received))
    if (url === '/rtmp/connect') {
      connected.push(form.get('app') ?? '')
      return response.end()
    }
    called.push({ host: headers.host ?? '', url, form })
    response.statusCode = allowed ? 200 : 403
    response.end()
  })
  const values = {
    user,
    listen: ['127.0.0.1', ...(lan ? [lan] : [])],
    rtmp_port: port,
    runtime_directory: folder,
    rtmp_socket: `${folder}/rtmp.sock`,
  }
  nginx = await startNginx('node-rtmp.conf', values, port)
})
afterAll(async () => {
  await nginx.stop()
  await media.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  allowed = true
  connected = []
  called = []
})
afterEach(async () => {
  for (const { child, closed } of running.splice(0)) {
    child.kill('SIGKILL')
    await closed
  }
})

function ffmpeg(...options: string[]) {
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', ...options])
  child.stderr.resume()
  const started = { child, closed: once(child, 'close') }
  running.push(started)
  return started
}

const publish = (path: string) =>
  ffmpeg(
    ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=10', '-c:v', 'libx264', '-g', '5'],
    ...['-preset', 'ultrafast', '-tune', 'zerolatency', '-f', 'flv', `rtmp://127.0.0.1:${port}/${path}`],
  )

/** Pulls one frame. */
const play = (host: string, path: string) =>
  ffmpeg('-i', `rtmp://${host}:${port}/${path}`, '-frames:v', '1', '-f', 'null', '-')

test('a publisher whose line has died silently is dropped after fifteen seconds', () => {
  const config = readFileSync(`${import.meta.dirname}/node-rtmp.conf`, 'utf8')
  expect(config, 'no test waits for it').toMatch(/^ +drop_idle_publisher 15s;$/m)
})

test('who says nothing is not listened to for long', () => {
  const config = readFileSync(`${import.meta.dirname}/node-rtmp.conf`, 'utf8')
  expect(config, 'no test waits for it').toMatch(/^ +timeout 10s;/m)
})

test('who wants to publish is asked about, with name and key, and told of when he goes', async () => {
  const publisher = publish('stream/mine?key=s3cret-key')
  await expect.poll(() => called.length, { timeout: 5000 }).toBe(1)
  expect(called[0]).toMatchObject({ host: 'media.sock', url: '/rtmp/publish' })
  expect(Object.fromEntries(called[0]?.form ?? [])).toMatchObject({
    app: 'stream',
    name: 'mine',
    key: 's3cret-key',
    addr: '127.0.0.1',
  })
  expect((await play('127.0.0.1', 'stream/mine').closed)[0]).toBe(0)
  expect(await stat()).toMatch(/<name>mine<\/name>/)
  publisher.child.kill('SIGKILL')
  await expect.poll(() => called.at(-1)?.url, { timeout: 5000 }).toBe('/rtmp/done')
}, 20_000)

test('the other application works the same', async () => {
  publish('live/mine')
  await expect.poll(() => called[0]?.form.get('app'), { timeout: 5000 }).toBe('live')
})

test('who is refused cannot publish', async () => {
  allowed = false
  const refused = publish('stream/theirs?key=wrong-key')
  expect((await refused.closed)[0]).not.toBe(0)
  expect(await stat()).not.toMatch(/theirs/)
}, 20_000)

test.each([
  ['wrong', 'wrong/mine'],
  ['mine', 'mine?key=s3cret-key'],
  ['stream/more', 'stream/more/mine'],
])('media hears that somebody wants the application %s, which does not exist', async (app, path) => {
  expect((await publish(path).closed)[0]).not.toBe(0)
  expect(connected).toEqual([app])
  expect(called).toEqual([])
})

test('no key is written anywhere', async () => {
  publish('stream/mine?key=s3cret-key')
  await expect.poll(() => called.length, { timeout: 5000 }).toBe(1)
  expect(`${nginx.said()}${await stat()}`).not.toMatch(/s3cret-key|wrong-key/)
})

test('a player may come before its publisher, and ends with it', async () => {
  const player = ffmpeg('-i', `rtmp://127.0.0.1:${port}/stream/mine`, '-f', 'null', '-')
  await expect.poll(stat, { timeout: 5000 }).toMatch(/<name>mine<\/name>/)
  const publisher = publish('stream/mine')
  await expect.poll(stat, { timeout: 5000 }).toMatch(/<active\/>/) // it sends
  publisher.child.kill('SIGKILL')
  expect(await player.closed).toEqual([0, null])
}, 20_000)

test('a publisher can be dropped by name', async () => {
  const publisher = publish('stream/mine')
  await expect.poll(stat, { timeout: 5000 }).toMatch(/<publishing\/>/)
  await local('/control/drop/publisher?app=stream&name=mine')
  await publisher.closed
  await expect.poll(() => called.at(-1)?.url, { timeout: 5000 }).toBe('/rtmp/done')
}, 20_000)

test.runIf(lan)(
  'from outside one may publish but not play',
  async () => {
    publish('stream/mine')
    await expect.poll(stat, { timeout: 5000 }).toMatch(/<publishing\/>/)
    const player = play(lan ?? '', 'stream/mine')
    expect((await player.closed)[0]).not.toBe(0)
  },
  20_000,
)

test('two thousand who say nothing keep no publisher out', async () => {
  const idle = Array.from({ length: 2000 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  onTestFinished(() => {
    for (const socket of idle) socket.destroy()
  })
  await Promise.all(idle.map((socket) => once(socket, 'connect')))
  publish('stream/mine')
  await expect.poll(stat, { timeout: 5000 }).toMatch(/<publishing\/>/)
}, 20_000)

test('objects in objects, as deep as a message may have them, leave those alone who publish', async () => {
  const publisher = publish('stream/mine')
  await expect.poll(stat, { timeout: 5000 }).toMatch(/<publishing\/>/)
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.resume().write(Buffer.concat([HELLO, CHALLENGE, OUR_CHUNKS, deepConnect(262_000)]))
  await once(socket, 'close') // it has been read, and is no command that anybody knows
  expect(await stat()).toMatch(/<publishing\/>/)
  expect(publisher.child.exitCode).toBe(null)
}, 20_000)

const stat = () => local('/stat')

async function local(path: string): Promise<string> {
  const [response] = await once(request({ socketPath: `${folder}/rtmp.sock`, path }).end(), 'response')
  return text(response)
}

const CHALLENGE = Buffer.alloc(1536)
const HELLO = Buffer.concat([Buffer.from([3]), CHALLENGE])
const [OBJECT, FIELD] = [3, 0x61]

/** A `connect` whose object has a field that is an object that has a field. */
function deepConnect(depth: number): Buffer {
  const object = Buffer.from([OBJECT])
  const fields = Buffer.alloc(4 * depth, Buffer.from([0, 1, FIELD, OBJECT]))
  return writtenMessage({ type: MESSAGE.command, body: Buffer.concat([amf('connect', 1), object, fields]) })
}
