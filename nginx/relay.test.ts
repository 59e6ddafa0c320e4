import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serve } from './start-test-nginx.ts'
import { host, session, startTestRelay, type TestRelay } from './start-test-relay.ts'

let relay: TestRelay
beforeAll(async () => {
  relay = await startTestRelay()
})
beforeEach(() => relay.forget())
afterAll(() => relay.stop())

test('a hostile node reaches neither the browser nor our own locations', async () => {
  const hostile = await serve(0, ({ url = '' }, response) => {
    response.setHeader('set-cookie', 'sixcast=evil')
    response.setHeader('content-type', 'text/html')
    if (url.includes('/jump/')) response.writeHead(302, { location: 'http://elsewhere/' })
    else response.setHeader('x-accel-redirect', '/-/where-now')
    response.end('<script>')
  })
  relay.origins.set('/streams/evil', host(hostile))
  relay.origins.set('/streams/jump', host(hostile))
  await relay.answered('/evil/index.m3u8')
  const { text, headers } = await relay.ask('/evil/index.m3u8')
  expect(text).toBe('<script>')
  expect(headers['set-cookie']).toBeUndefined()
  expect(headers['content-type']).toBe('application/vnd.apple.mpegurl')
  expect((await relay.ask('/jump/index.m3u8')).status).toBe(503)
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
  relay.origins.set('/streams/curious', host(curious))
  const own = { cookie: 'sixcast=secret', authorization: 'Basic c2VjcmV0', 'x-own': 'secret' }
  await relay.answered('/curious/index.m3u8')
  for (const path of ['index.m3u8', `${session('k')}/v.m3u8?_HLS_msn=1`, `${session('k')}/v/1-1.m4s`]) {
    relay.origins.set(`/streams/curious?session=${session('k')}`, host(curious))
    const { headers } = await relay.ask(`/curious/${path}`, { headers: own })
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
  relay.origins.set(`/streams/owned?session=${session('c')}`, host(relay.east))
  await relay.answered(path)
  relay.origins.set(`/streams/owned?session=${session('c')}`, host(relay.west))
  await expect.poll(async () => (await relay.ask(path)).text, { timeout: 10_000 }).toBe(`west ${path}`)
})

test('a stream is relay.fetched from where the control plane says it is', async () => {
  relay.origins.set('/streams/found', host(relay.east))
  const { status, text, headers } = await relay.ask('/found/playlist.m3u8?x=1')
  expect([status, text]).toEqual([200, 'east /found/index.m3u8'])
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'max-age=1' })
  expect(headers['x-origin']).toBeUndefined()
  expect(relay.asked).toEqual([`GET 127.0.0.1:${relay.controlPlane.port} /streams/found`])
})

test('a viewer stays with the node of his session while new ones go to another', async () => {
  relay.origins.set(`/streams/moved?session=${session('a')}`, host(relay.west))
  relay.origins.set('/streams/moved', host(relay.east))
  expect((await relay.ask(`/moved/${session('a')}/v480.m3u8`)).text).toMatch(/^west/)
  expect((await relay.ask(`/moved/${session('a')}/v480/1-7.m4s`)).text).toMatch(/^west/)
  expect((await relay.ask('/moved/index.m3u8')).text).toMatch(/^east/)
})

test('a segment is relay.fetched once however many want it', async () => {
  relay.origins.set(`/streams/busy?session=${session('b')}`, host(relay.east))
  const path = `/busy/${session('b')}/v480/1-7.m4s`
  const answers = await Promise.all(Array.from({ length: 20 }, () => relay.ask(path)))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
    new Set([`200 east ${path}`]),
  )
  expect(relay.fetched).toEqual([`east ${path}`])
  expect(answers[0]?.headers['cache-control']).toMatch(/immutable/)
})

test('a stream that is not live is not found, and a playlist the node does not have neither', async () => {
  const away = await relay.ask('/nobody/index.m3u8')
  expect([away.status, JSON.parse(away.text)]).toEqual([
    404,
    { code: 'not-live', message: 'This stream is not live now.' },
  ])
  expect(away.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'content-type': 'application/json',
  })
  relay.origins.set('/streams/missing', host(relay.east))
  expect((await relay.ask('/missing/index.m3u8')).status).toBe(404)
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
  const { status, text } = await relay.ask(path)
  expect([400, 403, 404]).toContain(status)
  expect(JSON.parse(text).code).toMatch(/not-live|bad-request/)
  expect([...relay.asked, ...relay.fetched]).toEqual([])
})

test('nobody but the control plane chooses where a request goes', async () => {
  relay.origins.set('/streams/plain', host(relay.east))
  const headers = {
    'x-origin': host(relay.west),
    host: host(relay.west),
    'x-forwarded-host': host(relay.west),
  }
  expect((await relay.ask('/plain/index.m3u8', { headers })).text).toMatch(/^east/)
  const proxied = await relay.ask(`http://${host(relay.west)}/plain/index.m3u8`)
  expect(proxied.text).toMatch(/^east/)
  expect((await relay.ask('/plain/index.m3u8', { method: 'POST' })).status).toBe(405)
})

test.each(['127.0.0.1:1/evil?', 'user@127.0.0.1', '', 'http://127.0.0.1', '[::1'])(
  'an answer that is no address (%j) leads nowhere',
  async (answer) => {
    const name = `odd${Buffer.from(answer).toString('hex').slice(0, 30)}`
    relay.origins.set(`/streams/${name}`, answer || ' ')
    const { status } = await relay.ask(`/${name}/index.m3u8`)
    expect(status).toBe(503)
    expect(relay.fetched).toEqual([])
  },
)

test('parts and manifests may be relay.asked for', async () => {
  relay.origins.set(`/streams/dash?session=${session('j')}`, host(relay.east))
  relay.origins.set('/streams/dash', host(relay.east))
  const part = `/dash/${session('j')}/v480/1-7.3.m4s`
  await relay.answered(part)
  expect((await relay.ask(part)).text).toBe(`east ${part}`)
  const { text, headers } = await relay.ask('/dash/manifest.mpd')
  expect([text, headers['content-type']]).toEqual(['east /dash/manifest.mpd', 'application/dash+xml'])
})

test('that the relay is there is said without asking anybody, and kept by nobody', async () => {
  const { status, text, headers } = await relay.ask('/ping')
  expect([status, text]).toEqual([204, ''])
  expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' })
})

test('the present time is told to a thousandth of a second', async () => {
  const before = Date.now()
  const { status, text, headers } = await relay.ask('/time')
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
  relay.origins.set('/streams/small', host(small))
  await relay.answered('/small/index.m3u8')
  expect((await relay.ask('/small/index.m3u8')).text).toBe('#EXTM3U')
  const { headers } = await relay.ask('/small/index.m3u8', { headers: { 'accept-encoding': 'gzip, br' } })
  expect(headers['content-encoding']).toBe('gzip')
  await small.stop()
})

test('a range is met, and one that the file ends before is refused in one word', async () => {
  const whole = await serve(0, (_, response) => {
    response.setHeader('cache-control', 'public, max-age=31536000, immutable')
    response.setHeader('accept-ranges', 'bytes').end('0123456789')
  })
  relay.origins.set(`/streams/ranges?session=${session('r')}`, host(whole))
  const path = `/ranges/${session('r')}/v480/1-7.m4s`
  await relay.answered(path)
  const part = await relay.ask(path, { headers: { range: 'bytes=0-3' } })
  expect([part.status, part.text, part.headers['content-type']]).toEqual([206, '0123', 'video/iso.segment'])
  expect(part.headers['cache-control']).toMatch(/immutable/)
  const { status, text, headers } = await relay.ask(path, { headers: { range: 'bytes=9999-' } })
  expect([status, JSON.parse(text).code]).toEqual([416, 'bad-range'])
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'max-age=0, s-maxage=1',
    'access-control-allow-origin': '*',
  })
  await whole.stop()
})

test('what can be read alone says so to who would write it', async () => {
  for (const path of ['/plain/index.m3u8', '/time']) {
    const { status, text, headers } = await relay.ask(path, { method: 'PUT' })
    expect([status, headers.allow, JSON.parse(text).code]).toEqual([405, 'GET, HEAD, OPTIONS', 'bad-method'])
  }
})
