import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sleep } from '../shared/runtime/repeat.ts'
import { freePort } from '../tests/setup/free-port.ts'
import { ask, lookup, problems, serve, startNginx, user } from './start-test-nginx.ts'

type Served = Awaited<ReturnType<typeof serve>>

const session = (letter: string) => `s${letter.repeat(12)}`
let relay: number
let controlPort: number
let nginx: Awaited<ReturnType<typeof startNginx>>
let control: Served
let east: Served
let west: Served
/** What the control plane would answer, by path and query. */
const origins = new Map<string, string>()
let hangs = false
let asked: string[] = []
let fetched: string[] = []

beforeAll(async () => {
  relay = await freePort()
  controlPort = await freePort()
  east = await origin('east')
  west = await origin('west')
  const values = {
    user,
    workers: 1,
    listen: ['127.0.0.1'],
    relay_port: relay,
    control_plane: `127.0.0.1:${controlPort}`,
    lookup,
    problems,
  }
  nginx = await startNginx('relay.conf', values, relay)
  control = await controlPlane()
})
afterAll(async () => {
  for (const part of [nginx, control, east, west]) await part.stop()
})
beforeEach(() => {
  asked = []
  fetched = []
})

const host = ({ port }: Served) => `127.0.0.1:${port}`

/** A node: names itself in what it serves. */
function origin(name: string) {
  return serve(0, (received, response) => {
    fetched.push(`${name} ${received.url}`)
    if (received.url?.includes('missing')) response.statusCode = 404
    const isMedia = received.url?.endsWith('.m4s')
    response.setHeader('cache-control', isMedia ? 'public, max-age=31536000, immutable' : 'max-age=1')
    response.setHeader('access-control-allow-origin', '*')
    response.end(`${name} ${received.url}`)
  })
}

function controlPlane() {
  return serve(controlPort, (received, response) => {
    asked.push(`${received.method} ${received.headers.host} ${received.url}`)
    if (hangs) return
    const found = origins.get(received.url ?? '')
    response.statusCode = found === 'broken' ? 500 : found ? 200 : 404
    if (found) response.setHeader('x-origin', found)
    response.setHeader('cache-control', 'no-store')
    response.end('{}')
  })
}

test('a hostile node reaches neither the browser nor our own locations', async () => {
  const hostile = await serve(0, ({ url = '' }, response) => {
    response.setHeader('set-cookie', 'sixcast=evil')
    response.setHeader('content-type', 'text/html')
    if (url.includes('/jump/')) response.writeHead(302, { location: 'http://elsewhere/' })
    else response.setHeader('x-accel-redirect', '/-/where-now')
    response.end('<script>')
  })
  origins.set('/streams/evil', host(hostile))
  origins.set('/streams/jump', host(hostile))
  await answered('/evil/index.m3u8')
  const { text, headers } = await ask(relay, '/evil/index.m3u8')
  expect(text).toBe('<script>')
  expect(headers['set-cookie']).toBeUndefined()
  expect(headers['content-type']).toBe('application/vnd.apple.mpegurl')
  expect((await ask(relay, '/jump/index.m3u8')).status).toBe(503)
  await hostile.stop()
})

test('what a browser holds for our host reaches no node, and no node tells the browser what to do with it', async () => {
  const told: string[] = []
  const curious = await serve(0, ({ headers }, response) => {
    told.push(...Object.keys(headers))
    response.setHeader('clear-site-data', '"cookies"')
    response.setHeader('refresh', '0;url=http://elsewhere/')
    response.setHeader('strict-transport-security', 'max-age=31536000')
    response.end('#EXTM3U')
  })
  origins.set('/streams/curious', host(curious))
  const own = { cookie: 'sixcast=secret', authorization: 'Basic c2VjcmV0', 'x-own': 'secret' }
  await answered('/curious/index.m3u8')
  for (const path of ['index.m3u8', `${session('k')}/v.m3u8?_HLS_msn=1`, `${session('k')}/v/1-1.m4s`]) {
    origins.set(`/streams/curious?session=${session('k')}`, host(curious))
    const { headers } = await ask(relay, `/curious/${path}`, { headers: own })
    expect(headers).not.toHaveProperty('clear-site-data')
    expect(headers).not.toHaveProperty('refresh')
    expect(headers).not.toHaveProperty('strict-transport-security')
  }
  expect(new Set(told)).toEqual(new Set(['host', 'x-forwarded-for', 'accept-encoding']))
  expect(told.length).toBeGreaterThan(6)
  await curious.stop()
})

test('what one node serves is never given for what another serves', async () => {
  const path = `/owned/${session('c')}/v360/0-1.m4s`
  origins.set(`/streams/owned?session=${session('c')}`, host(east))
  await answered(path)
  origins.set(`/streams/owned?session=${session('c')}`, host(west))
  await expect.poll(async () => (await ask(relay, path)).text, { timeout: 10_000 }).toBe(`west ${path}`)
})

/** A test before this one may have taken the control plane away: then the relay leaves it alone for two seconds. */
const answered = (path: string) =>
  expect.poll(async () => (await ask(relay, path)).status, { timeout: 5000 }).toBe(200)

test('a stream is fetched from where the control plane says it is', async () => {
  origins.set('/streams/found', host(east))
  const { status, text, headers } = await ask(relay, '/found/playlist.m3u8?x=1')
  expect([status, text]).toEqual([200, 'east /found/index.m3u8'])
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'max-age=1' })
  expect(headers['x-origin']).toBeUndefined()
  expect(asked).toEqual([`GET 127.0.0.1:${controlPort} /streams/found`])
})

test('a viewer stays with the node of his session while new ones go to another', async () => {
  origins.set(`/streams/moved?session=${session('a')}`, host(west))
  origins.set('/streams/moved', host(east))
  expect((await ask(relay, `/moved/${session('a')}/v480.m3u8`)).text).toMatch(/^west/)
  expect((await ask(relay, `/moved/${session('a')}/v480/1-7.m4s`)).text).toMatch(/^west/)
  expect((await ask(relay, '/moved/index.m3u8')).text).toMatch(/^east/)
})

test('a segment is fetched once however many want it', async () => {
  origins.set(`/streams/busy?session=${session('b')}`, host(east))
  const path = `/busy/${session('b')}/v480/1-7.m4s`
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(relay, path)))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
    new Set([`200 east ${path}`]),
  )
  expect(fetched).toEqual([`east ${path}`])
  expect(answers[0]?.headers['cache-control']).toMatch(/immutable/)
})

test('a stream that is not live is not found, and a playlist the node does not have neither', async () => {
  const away = await ask(relay, '/nobody/index.m3u8')
  expect([away.status, JSON.parse(away.text)]).toEqual([
    404,
    { code: 'not-live', message: 'This stream is not live now.' },
  ])
  expect(away.headers['access-control-allow-origin']).toBe('*')
  origins.set('/streams/missing', host(east))
  expect((await ask(relay, '/missing/index.m3u8')).status).toBe(404)
})

test.each([
  '/',
  '/-/where-now',
  '/-/where-as-before',
  '/found',
  '/found/',
  '/found/session.json',
  '/.found/index.m3u8',
  '/found/..%2f..%2fsecret.m3u8',
  '/found/../../index.m3u8/x',
  '/http://127.0.0.1/index.m3u8',
  '//127.0.0.1:22/index.m3u8',
  '/%2e%2e/index.m3u8',
  '/found%3fsession=x/index.m3u8',
  '/found%0d%0ax/index.m3u8',
  '/found/index.m3u8%0a',
  '/found/sabcdefghijkl/v480/1-1.m4s%0a',
  "/found'/index.m3u8",
  `/${'x'.repeat(65)}/index.m3u8`,
])('%s is refused, and nobody is asked', async (path) => {
  const { status, text } = await ask(relay, path)
  expect([400, 403, 404]).toContain(status)
  expect(JSON.parse(text).code).toMatch(/not-live|bad-request/)
  expect([...asked, ...fetched]).toEqual([])
})

test('nobody but the control plane chooses where a request goes', async () => {
  origins.set('/streams/plain', host(east))
  const headers = { 'x-origin': host(west), host: host(west), 'x-forwarded-host': host(west) }
  expect((await ask(relay, '/plain/index.m3u8', { headers })).text).toMatch(/^east/)
  const proxied = await ask(relay, `http://${host(west)}/plain/index.m3u8`)
  expect(proxied.text).toMatch(/^east/)
  expect((await ask(relay, '/plain/index.m3u8', { method: 'POST' })).status).toBe(404)
})

test.each(['127.0.0.1:1/evil?', 'user@127.0.0.1', '', 'http://127.0.0.1', '[::1'])(
  'an answer that is no address (%j) leads nowhere',
  async (answer) => {
    const name = `odd${Buffer.from(answer).toString('hex').slice(0, 30)}`
    origins.set(`/streams/${name}`, answer || ' ')
    const { status } = await ask(relay, `/${name}/index.m3u8`)
    expect(status).toBe(503)
    expect(fetched).toEqual([])
  },
)

test('while the control plane is away its last word holds, also for new viewers', async () => {
  origins.set('/streams/kept', host(east))
  origins.set('/streams/broken', host(east))
  await ask(relay, '/kept/index.m3u8')
  await ask(relay, '/broken/index.m3u8')
  origins.set('/streams/broken', 'broken')
  // Until the lookup was made a second time: the one after that can only be answered by a stale one.
  await expect
    .poll(
      async () => {
        await ask(relay, '/kept/index.m3u8')
        return asked.filter((line) => line.endsWith('/streams/kept')).length
      },
      { timeout: 5000 },
    )
    .toBe(2)
  await control.stop()
  try {
    await expectThrough('/kept/index.m3u8', 'east /kept/index.m3u8')
    // Nobody ever asked for this session: the node that has the stream is the best guess.
    const segment = `/kept/${session('c')}/v480/1-7.m4s`
    await expectThrough(segment, `east ${segment}`)
    expect((await ask(relay, '/unheard-of/index.m3u8')).status).toBe(503)
  } finally {
    control = await controlPlane()
  }
  await expectThrough('/broken/index.m3u8', 'east /broken/index.m3u8')

  async function expectThrough(path: string, expected: string) {
    const { status, text } = await ask(relay, path)
    expect([status, text]).toEqual([200, expected])
  }
}, 15_000)

test('while the control plane hangs, who watches waits for it now and then, and not for long', async () => {
  origins.set('/streams/hung', host(east))
  origins.set(`/streams/hung?session=${session('e')}`, host(west))
  await answered('/hung/index.m3u8')
  await answered(`/hung/${session('e')}/v480.m3u8`)
  hangs = true
  try {
    const watched = await watch(session('e'), 6000)
    expect(watched.nodes).toEqual(new Set(['west']))
    expect(watched.quickAfterOneThatWaited).toBeGreaterThan(5)
    // Nobody watched this session through here before: the stream's last known node is good enough.
    expect((await watch(session('f'), 1000)).nodes).toEqual(new Set(['east']))
  } finally {
    hangs = false
  }

  /** Fetches one new segment after the other. */
  async function watch(of: string, forMs: number) {
    const until = Date.now() + forMs
    const nodes = new Set<string>()
    let waited = false
    let quickAfterOneThatWaited = 0
    while (Date.now() < until) {
      const askedAt = Date.now()
      const { text } = await ask(relay, `/hung/${of}/v480/1-${askedAt}.m4s`)
      nodes.add(text.split(' ')[0] ?? '')
      if (Date.now() - askedAt > 1500) waited = true
      else if (waited) quickAfterOneThatWaited++
      await sleep(100)
    }
    return { nodes, quickAfterOneThatWaited }
  }
}, 30_000)

test('while a node is away its last playlist is served to who is watching', async () => {
  origins.set(`/streams/dying?session=${session('d')}`, host(west))
  const path = `/dying/${session('d')}/v480.m3u8`
  await answered(path)
  await west.stop()
  const { status, text } = await ask(relay, path)
  expect([status, text]).toEqual([200, `west ${path}`])
  const fresh = await ask(relay, `/dying/${session('d')}/v480/1-9.m4s`)
  expect([fresh.status, JSON.parse(fresh.text).code]).toEqual([503, 'unavailable'])
})

test("a wait is passed on to the node, each viewer's on its own, and kept by nobody", async () => {
  origins.set(`/streams/low?session=${session('g')}`, host(east))
  const path = `/low/${session('g')}/v480.m3u8?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES`
  await answered(path)
  fetched = []
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(relay, path)))
  for (const { status, text, headers } of answers) {
    expect([status, text]).toEqual([200, `east ${path}`])
    expect(headers['content-type']).toBe('application/vnd.apple.mpegurl')
  }
  expect(fetched).toEqual(Array(5).fill(`east ${path}`))
})

test.each([
  ['?_HLS_msn=7', '?_HLS_msn=7'],
  ['?_HLS_skip=v2', '?_HLS_skip=v2'],
  ['?_HLS_skip=YES&x=../..&_HLS_msn=7', '?_HLS_msn=7&_HLS_skip=YES'],
  ['?_HLS_part=0&_HLS_msn=7#', '?_HLS_msn=7&_HLS_part=0'],
  ['?x=1', ''],
])('of %j a node is asked %j', async (query, passed) => {
  origins.set(`/streams/args?session=${session('h')}`, host(east))
  const path = `/args/${session('h')}/v480.m3u8`
  await answered(path)
  expect((await ask(relay, `${path}${query}`)).text).toBe(`east ${path}${passed}`)
})

test.each([
  '?_HLS_msn=-1',
  '?_HLS_msn=7x',
  '?_HLS_part=2',
  '?_HLS_msn=7&_HLS_skip=no',
  `?_HLS_msn=${'9'.repeat(16)}`,
])('a wait for %j is refused, and nobody is asked', async (query) => {
  const { status, text } = await ask(relay, `/low/${session('g')}/v480.m3u8${query}`)
  expect([status, JSON.parse(text).code]).toEqual([400, 'bad-request'])
  expect([...asked, ...fetched]).toEqual([])
})

test('who waits at a node that is gone, hangs or is in trouble is given the last playlist, in time', async () => {
  let behaves: 'well' | 'hangs' | 'breaks' | 'refuses' | 'bends' = 'well'
  const north = await serve(0, ({ url = '' }, response) => {
    if (behaves === 'well') response.setHeader('cache-control', 'max-age=1').end(`north ${url}`)
    if (behaves === 'breaks') response.writeHead(500).end('trouble')
    if (behaves === 'bends') response.writeHead(302, { location: 'http://elsewhere/' }).end()
    if (behaves === 'refuses') response.writeHead(400, { 'content-type': 'text/html' }).end('<script>')
  })
  const path = `/held/${session('i')}/v480.m3u8`
  origins.set(`/streams/held?session=${session('i')}`, host(north))
  await answered(path)
  for (behaves of ['hangs', 'breaks', 'bends'] as const) await expectLast(3800)
  behaves = 'refuses'
  const refused = await ask(relay, `${path}?_HLS_msn=99`)
  expect([refused.status, JSON.parse(refused.text).code]).toEqual([400, 'bad-request'])
  await north.stop()
  await expectLast(450) // less than a turn in a line of waiters
  const unseen = `/held/${session('i')}/v720.m3u8?_HLS_msn=7`
  const answers = await together(unseen, 450)
  for (const { status, text } of answers)
    expect([status, JSON.parse(text).code]).toEqual([503, 'unavailable'])

  async function expectLast(withinMs: number) {
    for (const { status, text } of await together(`${path}?_HLS_msn=7`, withinMs))
      expect([status, text]).toEqual([200, `north ${path}`])
  }
  async function together(url: string, withinMs: number) {
    const askedAt = performance.now()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(relay, url)))
    expect(performance.now() - askedAt).toBeLessThan(withinMs)
    return answers
  }
}, 20_000)

test('parts and manifests may be asked for', async () => {
  origins.set(`/streams/dash?session=${session('j')}`, host(east))
  origins.set('/streams/dash', host(east))
  const part = `/dash/${session('j')}/v480/1-7.3.m4s`
  await answered(part)
  expect((await ask(relay, part)).text).toBe(`east ${part}`)
  const { text, headers } = await ask(relay, '/dash/manifest.mpd')
  expect([text, headers['content-type']]).toEqual(['east /dash/manifest.mpd', 'application/dash+xml'])
})

test('the present time is told to a thousandth of a second', async () => {
  const before = Date.now()
  const { status, text, headers } = await ask(relay, '/time')
  expect([status, headers['cache-control']]).toEqual([200, 'no-cache'])
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  expect(Date.parse(text)).toBeGreaterThanOrEqual(before - 20)
  expect(Date.parse(text)).toBeLessThanOrEqual(Date.now())
})

test('text crosses the line small, and whoever cannot read it so is given it as it was', async () => {
  const small = await serve(0, ({ headers }, response) => {
    response.setHeader('cache-control', 'max-age=1').setHeader('vary', 'Accept-Encoding')
    if (headers['accept-encoding'] !== 'gzip') return response.end('large')
    response.setHeader('content-encoding', 'gzip').end(gzipSync('#EXTM3U'))
  })
  origins.set('/streams/small', host(small))
  await answered('/small/index.m3u8')
  expect((await ask(relay, '/small/index.m3u8')).text).toBe('#EXTM3U')
  const { headers } = await ask(relay, '/small/index.m3u8', { headers: { 'accept-encoding': 'gzip, br' } })
  expect(headers['content-encoding']).toBe('gzip')
  await small.stop()
})
