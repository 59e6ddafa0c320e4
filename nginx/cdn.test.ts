import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sleep } from '../shared/runtime/repeat.ts'
import { freePort } from '../tests/setup/free-port.ts'
import { ask, serve, startNginx, user } from './start-test-nginx.ts'
import { startNodeHttp } from './start-test-node-http.ts'

const base = '/demo/sabcdefghijkl'
const folder = mkdtempSync(`${tmpdir()}/sixcast-cdn-`)
let node: Awaited<ReturnType<typeof startNodeHttp>>
let media: Awaited<ReturnType<typeof serve>>
let cdn: Awaited<ReturnType<typeof startNginx>>
let port: number
let asked: (string | undefined)[] = []
let answer: RequestListener

beforeAll(async () => {
  mkdirSync(`${folder}/live${base}/v480`, { recursive: true })
  writeFileSync(`${folder}/live${base}/v480.m3u8`, `#EXTM3U\n${'# a line\n'.repeat(100)}`)
  media = await serve(`${folder}/media.sock`, (received, response) => {
    asked.push(received.url)
    answer(received, response)
  })
  node = await startNodeHttp(folder)
  port = await freePort()
  cdn = await startNginx('documented.conf', {}, port, documented())
})
afterAll(async () => {
  for (const part of [cdn, media]) await part.stop()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  asked = []
})

/** The configuration that docs/cdn.md offers, with this test's addresses in the place of its own. */
function documented() {
  const page = readFileSync(`${import.meta.dirname}/../docs/cdn.md`, 'utf8')
  const [, block = ''] = /```nginx\n(.*?)```/s.exec(page) ?? []
  const here = block
    .replace('node.example:8084', `127.0.0.1:${node.cdn}`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('/var/cache/nginx/sixcast', `${folder}/cache`)
  const asRoot = user.map((name) => `user ${name};`).join('') // or its workers could not enter this test's folder
  return `${asRoot} daemon off; pid cdn.pid; events {} http { access_log off; ${here} }`
}

test('media is fetched from the node once, and goes on when it is gone there', async () => {
  const path = `${base}/v480/1-7.0.m4s`
  writeFileSync(`${folder}/live${path}`, 'a part')
  const first = await ask(port, path)
  expect(first.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'access-control-allow-origin': '*',
  })
  rmSync(`${folder}/live${path}`)
  expect((await ask(port, `${path}?x=1`)).text).toBe('a part')
  const { status, text } = await ask(port, path, { headers: { range: 'bytes=2-5' } })
  expect([status, text]).toEqual([206, 'part'])
  expect((await ask(port, path, { headers: { 'if-none-match': first.headers.etag } })).status).toBe(304)
})

test('as many as wait for the same part are one request to media, and those who wait for another are another', async () => {
  answer = (received, response) => setTimeout(() => response.end(`fresh ${received.url}`), 100)
  const wait = (part: number) => ask(port, `${base}/v480.m3u8?_HLS_msn=7&_HLS_part=${part}`)
  const answers = await Promise.all([...Array.from({ length: 20 }, () => wait(1)), wait(2)])
  expect(answers.map(({ text }) => text.at(-1)).join('')).toBe(`${'1'.repeat(20)}2`)
  expect(asked).toHaveLength(2)
})

test('as many as wait in vain are released together, and the next are answered anew', async () => {
  answer = () => {}
  const wait = () => ask(port, `${base}/v480.m3u8?_HLS_msn=8`)
  const startedAt = performance.now()
  const answers = await Promise.all(Array.from({ length: 10 }, wait))
  expect(performance.now() - startedAt).toBeLessThan(4000)
  for (const { text } of answers) expect(text).toMatch(/^#EXTM3U/)
  answer = (_, response) => response.end('fresh')
  await expect.poll(async () => (await wait()).text, { timeout: 3000 }).toBe('fresh')
}, 20_000)

test('what is not there yet is there a second later', async () => {
  const path = `${base}/v480/init-0a.mp4`
  expect((await ask(port, path)).status).toBe(404)
  writeFileSync(`${folder}/live${path}`, 'there')
  await expect.poll(async () => (await ask(port, path)).text, { timeout: 3000 }).toBe('there')
})

test('a segment that grows passes through, and is kept only when it is whole', async () => {
  const path = `${base}/v480/1-8.m4s`
  answer = (_, response) => response.write('half', () => response.destroy())
  await expect(ask(port, path)).rejects.toThrow()
  answer = (_, response) => response.write('half', () => response.end(' and half'))
  expect((await ask(port, path)).text).toBe('half and half')
  expect((await ask(port, path)).text).toBe('half and half')
  expect(asked).toHaveLength(2)
})

test('text is small for who can read it so, and as it was for others', async () => {
  const path = `${base}/v480.m3u8`
  const { headers } = await ask(port, path, { headers: { 'accept-encoding': 'gzip, br' } })
  expect(headers['content-encoding']).toBe('gzip')
  expect((await ask(port, path)).text).toMatch(/^#EXTM3U\n/)
})

test('while the node is away, its last playlist is served', async () => {
  await ask(port, `${base}/v480.m3u8`)
  await node.stop()
  const { status, text } = await ask(port, `${base}/v480.m3u8`)
  expect([status, text]).toEqual([200, expect.stringMatching(/^#EXTM3U/)])
  await sleep(1100) // it was fresh for a second
  expect((await ask(port, `${base}/v480.m3u8`)).status).toBe(200)
})
