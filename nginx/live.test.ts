import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ask, serve } from './start-test-nginx.ts'
import { startNodeHttp } from './start-test-node-http.ts'

const session = 'sabcdefghijkl'
const folder = mkdtempSync(`${tmpdir()}/sixcast-live-`)
const files = `${folder}/live/demo/${session}`
const AS_IT_STANDS = `#EXTM3U\n${'# the playlist as it stands\n'.repeat(50)}`
/** Anew for each player, once a second for each cache. */
const A_MOMENT = 'max-age=0, s-maxage=1'
let node: Awaited<ReturnType<typeof startNodeHttp>>
let media: Awaited<ReturnType<typeof serve>>
let asked: string[] = []
let answer: RequestListener

beforeAll(async () => {
  mkdirSync(`${files}/v480`, { recursive: true })
  writeFileSync(`${folder}/live/demo/manifest.mpd`, `<MPD>${' '.repeat(1000)}</MPD>`)
  writeFileSync(`${files}/v480.m3u8`, AS_IT_STANDS)
  writeFileSync(`${files}/v480/1-7.m4s`, 'a whole segment')
  writeFileSync(`${files}/v480/1-7.0.m4s`, 'a part')
  node = await startNodeHttp(folder)
})
afterAll(async () => {
  await node.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  asked = []
  answer = (_, response) => response.end('fresh')
  await startMedia()
})
afterEach(() => media.stop())

async function startMedia() {
  media = await serve(`${folder}/media.sock`, (received, response) => {
    asked.push(`${received.method} ${received.url}`)
    answer(received, response)
  })
}

const endpoints = () => [
  { port: node.playback, base: `/streams/demo/${session}` },
  { port: node.cdn, base: `/demo/${session}` },
]
const playlist = (query: string) => `/demo/${session}/v480.m3u8${query}`

test.each(['?_HLS_msn=7&_HLS_part=2', '?_HLS_skip=YES', '?x=1&_HLS_msn=8'])(
  'who asks with %s is answered by media',
  async (query) => {
    for (const { port, base } of endpoints()) {
      const { status, text, headers } = await ask(port, `${base}/v480.m3u8${query}`)
      expect([status, text]).toEqual([200, 'fresh'])
      expect(headers).toMatchObject({ 'cache-control': A_MOMENT, 'access-control-allow-origin': '*' })
      expect(asked.pop()).toBe(`GET /live/demo/${session}/v480.m3u8${query}`)
    }
  },
)

test.each(['', '?', '?x=1', '?x_HLS_msn=1', '?_HLS_pathway=node-1'])(
  'who asks with %j is answered from the file, and media hears nothing of it',
  async (query) => {
    const { text, headers } = await ask(node.cdn, playlist(query))
    expect(text).toBe(AS_IT_STANDS)
    expect(headers['cache-control']).toBe('max-age=1')
    expect(asked).toEqual([])
  },
)

test('the head of a playlist can be waited for', async () => {
  const { status, text } = await ask(node.cdn, playlist('?_HLS_msn=7'), { method: 'HEAD' })
  expect([status, text, asked]).toEqual([200, '', [`HEAD /live${playlist('?_HLS_msn=7')}`]])
})

test.each([
  [
    'hangs',
    async () => {
      answer = () => {}
    },
  ],
  ['is gone', async () => media.stop()],
  [
    'answers 500',
    async () => {
      answer = (_, response) => response.writeHead(500, { 'cache-control': 'max-age=6' }).end('bug')
    },
  ],
  [
    'knows no such session',
    async () => {
      answer = (_, response) => response.writeHead(404).end('{"code":"not-found"}')
    },
  ],
  [
    'breaks off',
    async () => {
      answer = (_, response) => response.destroy()
    },
  ],
])(
  'while media %s, the playlist as it stands is answered in time, for no player to keep',
  async (_, happens) => {
    await happens()
    for (const { port, base } of endpoints()) {
      const askedAt = performance.now()
      const { status, text, headers } = await ask(port, `${base}/v480.m3u8?_HLS_msn=7`)
      expect(performance.now() - askedAt).toBeLessThan(3000)
      expect([status, text]).toEqual([200, AS_IT_STANDS])
      expect(headers).toMatchObject({
        'cache-control': A_MOMENT,
        'content-type': 'application/vnd.apple.mpegurl',
        'access-control-allow-origin': '*',
      })
      const missing = await ask(port, `${base}/v720.m3u8?_HLS_msn=7`)
      expect([missing.status, JSON.parse(missing.text).code]).toEqual([404, 'not-found'])
    }
    expect(node.said()).toBe('')
  },
  20_000,
)

test("media's own refusals are passed on", async () => {
  answer = (_, response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"code":"bad-request","message":"Too far."}')
  const { status, text, headers } = await ask(node.cdn, playlist('?_HLS_msn=99'))
  expect([status, JSON.parse(text)]).toEqual([400, { code: 'bad-request', message: 'Too far.' }])
  expect(headers).toMatchObject({ 'cache-control': A_MOMENT, 'content-type': 'application/json' })
})

test('as many as wait are answered, each with what is new', async () => {
  const held: (() => void)[] = []
  answer = (_, response) => held.push(() => response.end('fresh'))
  const answers = Array.from({ length: 50 }, () => ask(node.cdn, playlist('?_HLS_msn=7')))
  await expect.poll(() => held.length).toBe(50)
  for (const release of held) release()
  expect(new Set((await Promise.all(answers)).map(({ text }) => text))).toEqual(new Set(['fresh']))
})

test.each(['POST', 'PUT', 'DELETE', 'PATCH'])(
  '%s of a stream is refused, and media hears nothing of it',
  async (method) => {
    for (const path of [playlist('?_HLS_msn=7'), `/demo/${session}/v480/1-8.m4s`, playlist('')]) {
      const { status } = await ask(node.cdn, path, { method })
      expect(status).toBe(405)
    }
    expect((await ask(node.cdn, '/time', { method })).status).toBe(405)
    expect(asked).toEqual([])
  },
)

test.each(['1-7.m4s', '1-7.0.m4s'])('%s is a file, and never changes', async (file) => {
  for (const { port, base } of endpoints()) {
    const { status, headers } = await ask(port, `${base}/v480/${file}`)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'video/iso.segment',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  }
  expect(asked).toEqual([])
})

test('a segment that grows arrives piece by piece', async () => {
  let grow: (piece: string) => void = () => {}
  let close = () => {}
  answer = (_, response) => {
    grow = (piece) => response.write(piece)
    close = () => response.end()
    response.setHeader('content-type', 'video/iso.segment')
    grow('first ')
  }
  const [response] = await once(get({ port: node.cdn, path: `/demo/${session}/v480/1-8.m4s` }), 'response')
  expect(asked).toEqual([`GET /live/demo/${session}/v480/1-8.m4s`])
  expect(response.headers).toMatchObject({
    'transfer-encoding': 'chunked',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  const pieces = response.setEncoding('utf8')[Symbol.asyncIterator]()
  expect((await pieces.next()).value).toBe('first ')
  grow('second')
  expect((await pieces.next()).value).toBe('second')
  close()
  expect((await pieces.next()).done).toBe(true)
})

test('a growing segment that breaks off is not taken for a whole one', async () => {
  answer = (_, response) => response.write('first', () => response.destroy())
  const broken = fetch(`http://127.0.0.1:${node.cdn}/demo/${session}/v480/1-8.m4s`).then((response) =>
    response.text(),
  )
  await expect(broken).rejects.toThrow()
})

test('a segment that became a file while it was asked for is sent, and one that nobody has is not found', async () => {
  answer = (received, response) => {
    if (received.url?.includes('1-9')) writeFileSync(`${files}/v480/1-9.m4s`, 'just closed')
    response.writeHead(404).end()
  }
  expect((await ask(node.cdn, `/demo/${session}/v480/1-9.m4s`)).text).toBe('just closed')
  const { status, text, headers } = await ask(node.cdn, `/demo/${session}/v480/1-10.m4s`)
  expect([status, JSON.parse(text).code, headers['cache-control']]).toEqual([404, 'not-found', A_MOMENT])
  await media.stop()
  expect((await ask(node.cdn, `/demo/${session}/v480/1-10.m4s`)).status).toBe(404)
})

test('a manifest is fresh for a second', async () => {
  const asked = [ask(node.cdn, '/demo/manifest.mpd'), ask(node.playback, '/streams/demo/manifest.mpd')]
  for (const { status, headers } of await Promise.all(asked)) {
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'content-type': 'application/dash+xml', 'cache-control': 'max-age=1' })
  }
})

test('that the node is there is said without asking anybody, and kept by nobody', async () => {
  for (const { port } of endpoints()) {
    const { status, text, headers } = await ask(port, '/ping')
    expect([status, text]).toEqual([204, ''])
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' })
  }
  expect(asked).toEqual([])
})

test('the time is asked of media at both endpoints, each time anew', async () => {
  answer = (_, response) => response.end('2026-11-20T12:00:00.000Z')
  for (const { port } of endpoints()) {
    const { text, headers } = await ask(port, '/time')
    expect([text, headers['cache-control']]).toEqual(['2026-11-20T12:00:00.000Z', 'no-cache'])
  }
  expect(asked).toEqual(['GET /time', 'GET /time'])
})

test.each([
  ['/manifest.mpd', 'a file'],
  [`/${session}/v480.m3u8`, 'a file'],
  [`/${session}/v480.m3u8?_HLS_msn=1`, 'an answer of media'],
])('text is sent small: %s, %s', async (path) => {
  answer = (_, response) =>
    response.setHeader('content-type', 'application/vnd.apple.mpegurl').end('#EXTM3U\n'.repeat(100))
  const response = await once(
    get({ port: node.cdn, path: `/demo${path}`, headers: { 'accept-encoding': 'gzip', via: '1.1 a-cdn' } }),
    'response',
  ).then(([message]) => message)
  expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const small = Buffer.concat(chunks)
  expect(small.length * 4).toBeLessThan(gunzipSync(small).length)
})

test('what was sent small and has not changed is not sent again', async () => {
  const headers = { 'accept-encoding': 'gzip' }
  const { etag } = (await ask(node.cdn, playlist(''), { headers })).headers
  expect(etag).toMatch(/^W\//)
  expect((await ask(node.cdn, playlist(''), { headers: { ...headers, 'if-none-match': etag } })).status).toBe(
    304,
  )
})
