import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, serve } from '../../nginx/start-test-nginx.ts'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import type { AccessLine } from './metrics/access-line.ts'
import { followAccessLog } from './metrics/follow-access-log.ts'

const base = '/demo/sabcdefghijkl'
const folder = mkdtempSync(`${tmpdir()}/access-log-`)
const heard: AccessLine[] = []
const said: string[] = []
const log = createLog('media', (line) => said.push(line))
const path = `${folder}/viewers.log`
const ending = new AbortController()
let node: Awaited<ReturnType<typeof startNodeHttp>>
let media: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  mkdirSync(`${folder}/live${base}/v480`, { recursive: true })
  writeFileSync(`${folder}/live${base}/v480.m3u8`, '#EXTM3U')
  writeFileSync(`${folder}/live${base}/v480/1-7.0.m4s`, 'x'.repeat(5000))
  media = await serve(`${folder}/media.sock`, (_, response) => setTimeout(() => response.end('#EXTM3U'), 300))
  node = await startNodeHttp(folder)
})
afterAll(async () => {
  ending.abort()
  await node.stop()
  await media.stop()
  rmSync(folder, { recursive: true })
})

const WITHIN = { timeout: 10_000 }
const agent = (name: string) => ({ headers: { 'user-agent': name } })

test('what was asked for while nobody read is not counted, and all that follows is', async () => {
  await ask(node.cdn, `${base}/v480.m3u8`, agent('too early'))
  await expect.poll(() => statSync(path).size, WITHIN).toBeGreaterThan(0)
  followAccessLog({ path, heard: (line) => heard.push(line), signal: ending.signal, log })
  await ask(node.cdn, `${base}/v480.m3u8?_HLS_msn=7`, agent('evil "\\ \u00e9'))
  await ask(node.playback, `/streams${base}/v480/1-7.0.m4s`, agent('x'.repeat(5000)))
  await ask(node.playback, `/streams${base}/v480/init-00.mp4`)
  await ask(node.playback, '/streams')
  await expect.poll(() => heard.length, WITHIN).toBe(3)
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

test('the log is cut before it is long, and read on', async () => {
  const [line] = heard
  const request = { ...line, responseSeconds: undefined, seconds: 0, upstream: '', viewer: 'many' }
  const many = 50_000
  appendFileSync(path, `${JSON.stringify(request)}\n`.repeat(many))
  await expect.poll(() => heard.length, WITHIN).toBe(3 + many)
  await expect.poll(() => statSync(path).size, WITHIN).toBe(0)
  await ask(node.cdn, `${base}/v480.m3u8`, agent('last'))
  await expect.poll(() => heard.at(-1)?.viewer, WITHIN).toMatch(/last$/)
  expect(said).toEqual([])
})

test('a log that cannot be opened is said, not died of', () => {
  followAccessLog({ path: `${folder}/nowhere/x`, heard: () => {}, signal: ending.signal, log })
  expect(said.join()).toMatch(/viewers cannot be counted.*ENOENT/)
})
