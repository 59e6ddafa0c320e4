import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, serve } from '../../nginx/start-test-nginx.ts'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import type { AccessLine } from './metrics/access-line.ts'
import { receiveAccessLog } from './metrics/receive-access-log.ts'

const base = '/demo/sabcdefghijkl'
const folder = mkdtempSync(`${tmpdir()}/access-log-`)
const heard: AccessLine[] = []
const said: string[] = []
const log = createLog('media', (line) => said.push(line))
const ending = new AbortController()
let node: Awaited<ReturnType<typeof startNodeHttp>>
let media: Awaited<ReturnType<typeof serve>>
let port: number

beforeAll(async () => {
  mkdirSync(`${folder}/live${base}/v480`, { recursive: true })
  writeFileSync(`${folder}/live${base}/v480.m3u8`, '#EXTM3U')
  writeFileSync(`${folder}/live${base}/v480/1-7.0.m4s`, 'x'.repeat(5000))
  media = await serve(`${folder}/media.sock`, (_, response) => setTimeout(() => response.end('#EXTM3U'), 300))
  port = await freeUdpPort()
  node = await startNodeHttp(folder, ['127.0.0.1'], port)
})
afterAll(async () => {
  ending.abort()
  await node.stop()
  await media.stop()
  rmSync(folder, { recursive: true })
})

async function freeUdpPort() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

const agent = (name: string) => ({ headers: { 'user-agent': name } })

test('while nobody listens nginx serves on, and says nothing of it', async () => {
  for (let i = 0; i < 5; i++) expect((await ask(node.cdn, `${base}/v480.m3u8`)).status).toBe(200)
  expect(node.said()).toBe('')
})

test("viewers' requests are heard as they are answered", async () => {
  receiveAccessLog({
    at: { host: '127.0.0.1', port },
    heard: (line) => heard.push(line),
    signal: ending.signal,
    log,
  })
  await expect
    .poll(async () => {
      await ask(node.cdn, `${base}/v480.m3u8`, agent('first'))
      return heard.length
    })
    .toBeGreaterThan(0)
  heard.length = 0
  await ask(node.cdn, `${base}/v480.m3u8?_HLS_msn=7`, agent('evil "\\ \u00e9'))
  await ask(node.playback, `/streams${base}/v480/1-7.0.m4s`, agent('x'.repeat(5000)))
  await ask(node.playback, `/streams${base}/v480/init-00.mp4`)
  await ask(node.playback, '/streams')
  await expect.poll(() => heard.length).toBe(3)
  expect(heard).toMatchObject([
    {
      stream: 'demo',
      kind: 'blocking',
      status: 200,
      viewer: expect.stringMatching(/^127\.0\.0\.1 {2}evil "\\ /),
    },
    {
      stream: 'demo',
      kind: 'part',
      status: 200,
      viewer: expect.stringMatching(/^127\.0\.0\.1 {2}x{200,290}$/),
    },
    { stream: 'demo', kind: 'init', status: 404 },
  ])
  expect(heard[0]?.responseSeconds).toBeLessThan(0.2)
  expect(heard[1]?.bytes).toBeGreaterThan(5000)
})

test('a port that is taken is said, not died of', async () => {
  receiveAccessLog({ at: { host: '127.0.0.1', port }, heard: () => {}, signal: ending.signal, log })
  await expect.poll(() => said.join()).toMatch(/viewers cannot be counted.*EADDRINUSE/)
})
