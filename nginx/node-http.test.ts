import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, serve } from './start-test-nginx.ts'
import { startNodeHttp } from './start-test-node-http.ts'

const session = 'sabcdefghijkl'
const folder = mkdtempSync(`${tmpdir()}/sixcast-node-`)
const lan = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
let playback: number
let cdn: number
const parts: { stop: () => Promise<unknown> }[] = []

beforeAll(async () => {
  mkdirSync(`${folder}/live/demo/${session}/v480`, { recursive: true })
  mkdirSync(`${folder}/live/.hidden`)
  writeFileSync(`${folder}/secret.m3u8`, 'secret')
  writeFileSync(`${folder}/live/.hidden/index.m3u8`, 'secret')
  writeFileSync(`${folder}/live/demo/session.json`, 'secret')
  writeFileSync(`${folder}/live/demo/index.m3u8`, '#EXTM3U\n# the multivariant\n')
  writeFileSync(`${folder}/live/demo/thumbnail.jpg`, 'a picture')
  writeFileSync(`${folder}/live/demo/${session}/v480.m3u8`, '#EXTM3U\n')
  writeFileSync(`${folder}/live/demo/${session}/record.json`, '{"run":1}')
  writeFileSync(`${folder}/live/demo/${session}/session.json`, 'secret')
  writeFileSync(`${folder}/live/demo/${session}/v480/1-7.m4s`, '0123456789')
  writeFileSync(`${folder}/live/demo/${session}/v480/init-0a1b.mp4`, 'init')
  const echo = (name: string) =>
    serve(`${folder}/${name}.sock`, (received, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name, method: received.method, url: received.url }))
    })
  parts.push(await echo('agent'), await echo('media'))
  const node = await startNodeHttp(folder, ['127.0.0.1', ...(lan ? [lan] : [])])
  playback = node.playback
  cdn = node.cdn
  parts.unshift(node)
})
afterAll(async () => {
  for (const part of parts) await part.stop()
  rmSync(folder, { recursive: true, force: true })
})

const bases = () => [
  { port: playback, base: '/streams/demo' },
  { port: cdn, base: '/demo' },
]

test('a playlist is fresh for a second, under both of its names and both endpoints', async () => {
  for (const { port, base } of bases())
    for (const name of ['index.m3u8', 'playlist.m3u8']) {
      const { status, headers, text } = await ask(port, `${base}/${name}`)
      expect([status, text]).toEqual([200, '#EXTM3U\n# the multivariant\n'])
      expect(headers).toMatchObject({
        'content-type': 'application/vnd.apple.mpegurl',
        'cache-control': 'max-age=1',
        'access-control-allow-origin': '*',
      })
    }
})

test('the clock of a session may be read by who copies it, and what media keeps beside it may not', async () => {
  const { status, headers, text } = await ask(cdn, `/demo/${session}/record.json`)
  expect([status, text, headers['cache-control']]).toEqual([200, '{"run":1}', 'max-age=1'])
  expect(headers['content-type']).toBe('application/json')
  for (const file of ['session.json', 'mirror.json', 'runs.json'])
    expect((await ask(cdn, `/demo/${session}/${file}`)).status).toBe(404)
})

test('an unchanged playlist is not sent again', async () => {
  const { headers } = await ask(cdn, `/demo/${session}/v480.m3u8`)
  const again = await ask(cdn, `/demo/${session}/v480.m3u8`, { headers: { 'if-none-match': headers.etag } })
  expect(again.status).toBe(304)
})

test.each([
  ['1-7.m4s', 'video/iso.segment'],
  ['init-0a1b.mp4', 'video/mp4'],
])('%s never changes', async (file, type) => {
  for (const { port, base } of bases()) {
    const { status, headers } = await ask(port, `${base}/${session}/v480/${file}`)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  }
})

test('a part of a segment can be asked for', async () => {
  const path = `/demo/${session}/v480/1-7.m4s`
  const { status, headers, text } = await ask(cdn, path, { headers: { range: 'bytes=2-4' } })
  expect([status, text, headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10'])
  expect(headers['access-control-expose-headers']).toMatch(/Content-Range/)
})

test('a range that a file ends before is refused in one word, and no cache keeps that', async () => {
  for (const { port, base } of bases()) {
    const path = `${base}/${session}/v480/1-7.m4s`
    const { status, text, headers } = await ask(port, path, { headers: { range: 'bytes=9999-' } })
    expect([status, JSON.parse(text).code]).toEqual([416, 'bad-range'])
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-range': 'bytes */10',
      'cache-control': 'max-age=0, s-maxage=1',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
    const whole = await ask(port, path, { headers: { range: 'bytes=0-' } })
    expect([whole.status, whole.headers['cache-control']]).toEqual([206, expect.stringMatching(/immutable/)])
  }
})

test('what can be read alone says so to who would write it, by whatever method', async () => {
  for (const { port, base } of bases())
    for (const method of ['PUT', 'POST', 'DELETE', 'PURGE']) {
      const { status, text, headers } = await ask(port, `${base}/playlist.m3u8`, { method })
      expect([status, headers.allow, JSON.parse(text).code]).toEqual([
        405,
        'GET, HEAD, OPTIONS',
        'bad-method',
      ])
    }
})

test('a method that nobody knows reaches media as one that no address takes', async () => {
  expect(JSON.parse((await ask(playback, '/health', { method: 'PURGE' })).text).method).toBe('PATCH')
})

test('what is missing is JSON, whatever its name would be', async () => {
  for (const { port, base } of bases())
    for (const file of ['x.m3u8', 'x.mpd', 'x.jpg', `${session}/v480/init-ffff.mp4`]) {
      const { status, headers } = await ask(port, `${base}/${file}`)
      expect([status, headers['content-type']], file).toEqual([404, 'application/json'])
    }
})

test('a thumbnail is fresh for two seconds', async () => {
  const { headers } = await ask(cdn, '/demo/thumbnail.jpg')
  expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'max-age=2' })
})

test('what is not there yet is asked for anew, and a page of another origin learns so', async () => {
  const { status, headers, text } = await ask(cdn, `/demo/${session}/v480/init-ffff.mp4`)
  expect([status, JSON.parse(text)]).toEqual([
    404,
    { code: 'not-found', message: 'There is nothing under this address, or not now.' },
  ])
  expect(headers).toMatchObject({
    'cache-control': 'max-age=0, s-maxage=1',
    'access-control-allow-origin': '*',
  })
})

test('a browser may ask first', async () => {
  const { status, headers } = await ask(cdn, `/demo/${session}/v480/1-7.m4s`, { method: 'OPTIONS' })
  expect(status).toBe(204)
  expect(headers['access-control-allow-headers']).toMatch(/Range/)
})

test.each([
  '/streams/demo/session.json',
  '/streams/.hidden/index.m3u8',
  '/streams/demo/..%2f..%2fsecret.m3u8',
  '/streams/../secret.m3u8',
  '/streams/..%2fsecret.m3u8/index.m3u8',
  '/streams/%2e%2e/index.m3u8',
  '/streams/demo%00/index.m3u8',
  `/streams/demo/${session}/v480/`,
  `/streams/demo/${session}/v480/1-7.m4s/x`,
  `/streams/demo/${session}/v480/../../../../secret.m3u8`,
  `/streams/${'x'.repeat(65)}/index.m3u8`,
  '/streams/demo/index.m3u8/..',
  '/streams/demo/index.m3u8%0a',
  `/streams/demo/${session}/v480.m3u8%0a?_HLS_msn=1`,
  `/streams/demo/${session}/v480/1-7.m4s%0a`,
  '/health%0a',
  '/demo/index.m3u8',
  '/',
])('%s leads nowhere', async (path) => {
  const { status, text } = await ask(playback, path)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(JSON.parse(text).code).toMatch(/not-found|bad-request/)
})

test('a request that is too long or too big is refused with a code', async () => {
  const long = await ask(playback, `/streams/${'x'.repeat(20_000)}`)
  expect([long.status, JSON.parse(long.text)]).toEqual([
    400,
    { code: 'bad-request', message: 'The address or the headers of the request are too long or malformed.' },
  ])
  const big = await ask(playback, '/streams', { method: 'PUT', headers: { 'content-length': '100000' } })
  expect([big.status, JSON.parse(big.text)]).toEqual([
    413,
    { code: 'too-large', message: 'The body of the request is too large.' },
  ])
})

test.each([
  ['GET', '/health', 'media'],
  ['GET', '/metrics', 'media'],
  ['GET', '/time', 'media'],
  ['POST', '/time', 'media'],
  ['GET', '/openapi.json', 'media'],
  ['GET', '/measure', 'media'],
  ['POST', '/measure', 'media'],
  ['GET', '/streams', 'media'],
  ['GET', '/streams/demo', 'media'],
  ['POST', '/streams', 'media'],
  ['DELETE', '/streams/demo', 'media'],
  ['POST', '/streams/demo/heartbeat', 'media'],
  ['GET', '/streams/demo/runs', 'media'],
  ['GET', '/probe?nonce=abc', 'agent'],
  ['GET', '/trial?nonce=abc', 'agent'],
  ['GET', '/api/metrics', 'agent'],
])('%s %s is answered by %s', async (method, url, name) => {
  const { text, headers } = await ask(playback, url, { method })
  expect(JSON.parse(text)).toEqual({ name, method, url })
  expect(
    headers['access-control-allow-origin'],
    'what a node tells of itself is not for pages from elsewhere',
  ).toBe(url === '/time' ? '*' : undefined)
})

test('whoever knocks at the port of viewers is answered by the agent, and by nothing else of it', async () => {
  const { text } = await ask(cdn, '/probe?nonce=abc')
  expect(JSON.parse(text)).toEqual({ name: 'agent', method: 'GET', url: '/probe?nonce=abc' })
  expect((await ask(cdn, '/api/metrics')).status).toBe(404)
})

test.each([
  ['/rtmp/..%2fstreams%2fq/../done', '/streams/done'],
  ['/streams/x/..%2f..%2frtmp%2fdone', undefined],
])('media reads no other path out of %s than its door has read', async (path, understood) => {
  const { status, text } = await ask(playback, path, { method: 'POST' })
  expect(status === 200 ? JSON.parse(text).url : undefined).toBe(understood)
})

test.runIf(lan)('from outside nothing can be changed, but all be read', async () => {
  const at = `http://${lan}:${playback}`
  const refused = await fetch(`${at}/streams`, { method: 'POST', body: '{}' })
  expect([refused.status, (await refused.json()).code]).toEqual([403, 'local-only'])
  expect((await fetch(`${at}/measure`, { method: 'POST' })).status).toBe(403)
  for (const path of ['/streams', '/measure']) expect((await fetch(`${at}${path}`)).status).toBe(200)
})

test('while media is away its files are served on, and the API says so', async () => {
  await parts.pop()?.stop()
  expect((await ask(playback, '/streams/demo/index.m3u8')).status).toBe(200)
  const { status, text } = await ask(playback, '/streams')
  expect([status, JSON.parse(text).code]).toEqual([503, 'unavailable'])
})
