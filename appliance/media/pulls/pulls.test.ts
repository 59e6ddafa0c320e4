import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import { besideNeighbours, startTestNode } from '../start-test-node.ts'
import { makeTestFilm, serveTestFilm } from './serve-test-film.ts'

const run = promisify(execFile)
/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const LAN = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
const folder = mkdtempSync(join(tmpdir(), 'pulls-'))
let node: Awaited<ReturnType<typeof startTestNode>>
let web: Awaited<ReturnType<typeof serveTestFilm>>

beforeAll(async () => {
  await makeTestFilm(join(folder, 'film.ts'), 60)
  await makeTestFilm(join(folder, 'short.mp4'), 4)
  node = await startTestNode({ CLEANUP_INTERVAL: '1', ...besideNeighbours })
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
  for (const file of ['film.ts', 'short.mp4']) copyFileSync(join(folder, file), node.state('ingest', file))
  symlinkSync('/etc/hostname', node.state('ingest', 'link.ts'))
  web = await serveTestFilm(join(folder, 'film.ts'))
}, 120_000)
afterAll(async () => {
  web?.server.close().closeAllConnections()
  await node?.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

const step = (name: string, story: () => Promise<void>) =>
  test(name, async () => {
    onTestFailed(() => console.error(node.log.join('\n')))
    await story()
  }, 240_000)

step('a file of the ingest folder is played as a stream, and the stream ends with it', async () => {
  const created = await start({ stream_id: 'short', source_url: 'file:///short.mp4', enable_dash: false })
  expect(created.status).toBe(201)
  expect(JSON.parse(created.body)).toMatchObject({ stream_id: 'short', state: 'starting', started_by: 'api' })
  await isLive('short')
  expect(await node.stream('short')).toMatchObject({
    source: { width: 320, height: 180, frames_per_second: 25, audio: true },
    playback: { hls: '/streams/short/playlist.m3u8' },
  })
  await vi.waitFor(async () => expect((await node.stream('short')).state).toBe('ended'), WITHIN)
  expect(await node.stream('short')).toMatchObject({
    started_by: 'api',
    wanted: { source_url: 'file:///short.mp4' },
    playback: { dash: null },
    problems: [{ what: 'The file short.mp4 is over.' }],
  })
})

step('a stream asked for twice is one stream, but not with other settings', async () => {
  const order = { stream_id: 'twice', source_url: 'film.ts' }
  const answers = await Promise.all([start(order), start(order), start({ ...order, qualities: ['240p'] })])
  const statuses = answers.map(({ status }) => status).toSorted()
  expect([
    [200, 201, 409],
    [201, 409, 409],
  ]).toContainEqual(statuses)
  await isLive('twice')
  expect((await start({ ...order, enable_dash: false })).status).toBe(409)
  await vi.waitFor(() => expect(existsSync(node.live('twice', 'manifest.mpd'))).toBe(true), WITHIN)
  expect(await encoders()).toHaveLength(1)
})

step(
  'a publisher may not take the name of a pulled stream, nor a pulled stream that of a publisher',
  async () => {
    const [code] = await once(node.publish('twice?key=secret'), 'close')
    expect(code).not.toBe(0)
    const publisher = node.publish('cam?key=secret')
    await isLive('cam')
    const answer = await start({ stream_id: 'cam', source_url: 'film.ts' })
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([409, 'already-publishing'])
    expect((await node.stream('cam')).started_by).toBe('publisher')

    const own = { stream_id: 'cam', source_url: 'rtmp://localhost/stream/cam' }
    expect((await start(own)).status).toBe(201)
    expect(await node.stream('cam')).toMatchObject({ state: 'live', started_by: 'api' })
    const again = { stream_id: 'cam-again', source_url: `rtmp://127.0.0.1:${node.rtmpPort}/live/cam` }
    expect((await start(again)).status).toBe(201)
    await isLive('cam-again')
    publisher.kill('SIGKILL')
    await vi.waitFor(async () => expect((await node.stream('cam-again')).state).toBe('waiting'), WITHIN)
    await vi.waitFor(
      async () => expect(await problemsOf('cam-again')).toContain('Nobody publishes cam to this node.'),
      WITHIN,
    )
    for (const name of ['cam', 'cam-again'])
      expect((await node.ask('DELETE', `/streams/${name}`)).status).toBe(204)
  },
)

step('a stream that nobody could watch is refused, and the field named', async () => {
  const order = { stream_id: 'dark', source_url: 'film.ts', enable_hls: false, enable_dash: false }
  const { status, body } = await start(order)
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toMatch(/enable_dash: must be true where enable_hls is false/)
})

step('a stream is made in the qualities and the kinds that were asked for', async () => {
  const order = { stream_id: 'plain', source_url: 'film.ts', qualities: ['240p'], enable_hls: false }
  expect((await start(order)).status).toBe(201)
  await isLive('plain')
  await vi.waitFor(() => expect(existsSync(node.live('plain', 'manifest.mpd'))).toBe(true), WITHIN)
  expect(existsSync(node.live('plain', 'index.m3u8'))).toBe(false)
  const { renditions, playback, wanted } = await node.stream('plain')
  expect(renditions).toMatchObject([{ id: 'v180' }])
  expect(playback).toMatchObject({ hls: null, dash: '/streams/plain/manifest.mpd' })
  expect(wanted).toMatchObject({
    qualities: ['240p'],
    enable_hls: false,
    enable_dash: true,
    low_latency: true,
  })
  expect(node.agent.reported('plain')).toBeUndefined()
  await node.ask('DELETE', '/streams/plain')
})

step('what was asked for survives the death of media; its URL is for nobody else to read', async () => {
  const before = await node.stream('twice')
  expect(statSync(node.state('wanted-streams.json')).mode & 0o777).toBe(0o600)
  const restart = await node.crashMedia()
  restart()
  await vi.waitFor(async () => expect((await node.stream('twice')).record?.run).toBe(2), WITHIN)
  await isLive('twice')
  expect((await node.stream('twice')).record?.session).toBe(before.record?.session)
})

step('a stopped stream is gone, ends for who watches, and does not come back', async () => {
  const { record } = await node.stream('twice')
  expect((await node.ask('DELETE', '/streams/twice')).status).toBe(204)
  expect((await node.ask('GET', '/streams/twice')).status).toBe(404)
  expect((await node.ask('DELETE', '/streams/twice')).status).toBe(404)
  expect((await node.ask('POST', '/streams/twice/heartbeat')).status).toBe(404)
  const playlist = node.live('twice', record?.session ?? '', 'v180.m3u8')
  await vi.waitFor(() => expect(readFileSync(playlist, 'utf8')).toMatch(/#EXT-X-ENDLIST\n$/), WITHIN)
  await vi.waitFor(async () => expect(await encoders()).toEqual([]), WITHIN)
})

step('a stream that is stopped while it starts leaves nothing behind', async () => {
  expect((await start({ stream_id: 'brief', source_url: 'film.ts' })).status).toBe(201)
  expect((await node.ask('DELETE', '/streams/brief')).status).toBe(204)
  expect((await start({ stream_id: 'brief', source_url: 'film.ts' })).status).toBe(201)
  await isLive('brief')
  expect(await encoders()).toHaveLength(1)
  await node.ask('DELETE', '/streams/brief')
  await vi.waitFor(async () => expect(await encoders()).toEqual([]), WITHIN)
})

test.runIf(LAN)(
  'a source of the house is opened with its password, which nobody sees',
  async () => {
    const source_url = `http://eve:hunt3r@${LAN}:${web.port}/film.ts?token=t0ken-0f-house`
    expect((await start({ stream_id: 'house', source_url })).status).toBe(201)
    const seen: string[] = []
    await vi.waitFor(async () => {
      seen.push((await run('ps', ['-C', 'ffmpeg,ffprobe,prlimit,setpriv,node', '-o', 'args'])).stdout)
      expect(await node.stream('house')).toMatchObject({ state: 'live' })
    }, WITHIN)
    seen.push((await node.ask('GET', '/streams')).body, node.log.join())
    expect(seen.join()).not.toMatch(/hunt3r|t0ken-0f-house/)
    expect((await node.stream('house')).wanted?.source_url).toBe(`http://***@${LAN}:${web.port}/film.ts?***`)
    expect(await node.stream('house')).toMatchObject({ state: 'live', problems: [] })
    await node.ask('DELETE', '/streams/house')
  },
  120_000,
)

test.runIf(LAN)(
  'a source that leads to this machine is not followed, and one that refuses is explained',
  async () => {
    for (const [name, path] of [
      ['away', '/away'],
      ['locked', '/film.ts'],
    ])
      expect((await start({ stream_id: name, source_url: `http://${LAN}:${web.port}${path}` })).status).toBe(
        201,
      )
    await vi.waitFor(async () => expect(await problemsOf('away')).toMatch(/may not be read/), WITHIN)
    await vi.waitFor(async () => expect(await problemsOf('locked')).toMatch(/password/), WITHIN)
    for (const name of ['away', 'locked']) await node.ask('DELETE', `/streams/${name}`)
  },
  120_000,
)

test.runIf(LAN)(
  'no password is in what is said of an encoder that cannot open its source',
  async () => {
    const source_url = `http://eve:hunt3r@${LAN}:${web.port}/once?t0ken-0f-house`
    expect((await start({ stream_id: 'once', source_url })).status).toBe(201)
    await vi.waitFor(
      async () => expect(await problemsOf('once')).toMatch(/nothing under this address/),
      WITHIN,
    )
    const seen = `${(await node.ask('GET', '/streams')).body} ${node.log.join()}`
    expect(seen).not.toMatch(/hunt3r|t0ken-0f-house/)
    await node.ask('DELETE', '/streams/once')
  },
  120_000,
)

step('only what may be opened is taken', async () => {
  for (const [source_url, why] of REFUSED) {
    const { status, body } = await start({ stream_id: 'never', source_url })
    expect([status, body], source_url).toEqual([400, expect.stringContaining('source_url')])
    expect(body, source_url).toMatch(why)
  }
  expect((await node.ask('GET', '/streams/never')).status).toBe(404)
})

step('a stream that nobody asks after is stopped, one that is asked after is not', async () => {
  const restart = await node.crashMedia()
  restart(3)
  await vi.waitFor(async () => expect((await node.ask('GET', '/health')).status).toBe(200), WITHIN)
  for (const stream_id of ['kept', 'left']) await start({ stream_id, source_url: 'film.ts' })
  await vi.waitFor(async () => {
    expect((await node.ask('POST', '/streams/kept/heartbeat')).status).toBe(200)
    const { body } = await node.ask('GET', '/streams/left')
    expect(JSON.parse(body).state ?? 'ended').toBe('ended')
  }, WITHIN)
  expect((await node.stream('kept')).wanted).toMatchObject({ source_url: 'film.ts' })
})

step('a source that media has died with three times in a row waits, and says why', async () => {
  for (let deaths = 0; deaths < 3; deaths += 1) {
    const restart = await node.crashMedia()
    restart()
    await vi.waitFor(async () => expect((await node.stream('kept')).wanted).not.toBeNull(), WITHIN)
  }
  await vi.waitFor(async () => expect(await problemsOf('kept')).toMatch(/ended \d times in a row/), WITHIN)
  expect((await node.ask('DELETE', '/streams/kept')).status).toBe(204)
})

const REFUSED: [string, RegExp][] = [
  ['http://127.0.0.1:9090/health', /this machine/],
  ['http://localhost/x', /this machine/],
  ['http://2130706433/x', /this machine/],
  ['rtsp://0x7f.1/x', /this machine/],
  ['http://[::1]/x', /this machine/],
  ['http://[::ffff:127.0.0.1]/x', /this machine/],
  ['rtmp://127.0.0.1:3306/live/x', /this machine/],
  ['rtmp://localhost/other/x', /this machine/],
  ['http://169.254.169.254/latest/meta-data', /link-local/],
  ['http://[fd00:ec2::254]/latest', /secrets/],
  ['http://0.0.0.0/x', /no single machine/],
  ['file:///etc/passwd', /ingest folder/],
  ['link.ts', /ingest folder/],
  ['../film.ts', /ingest folder/],
  ['file:///%2e%2e/film.ts', /ingest folder/],
  ['concat:film.ts|film.ts', /must begin with/],
  ['subfile,,start,0,end,0,,:film.ts', /ingest folder/],
  ['tee:film.ts', /must begin with/],
  ['pipe:0', /must begin with/],
  ['data:text/plain,x', /must begin with/],
  ['-i', /begin with a dot or a hyphen/],
  ['http://a b/', /must look like/],
  ['srt://192.168.1.2:9000?mode=listener', /caller/],
]

async function start(order: object) {
  return node.ask('POST', '/streams', order)
}

async function isLive(name: string) {
  await vi.waitFor(async () => expect(await node.stream(name)).toMatchObject({ state: 'live' }), WITHIN)
}

async function problemsOf(name: string): Promise<string> {
  return (await node.stream(name)).problems.map(({ what }) => what).join()
}

async function encoders() {
  const { stdout } = await run('pgrep', ['-x', '-P', String(node.mediaPid()), 'ffmpeg']).catch(() => ({
    stdout: '',
  }))
  return stdout.split('\n').filter(Boolean)
}
