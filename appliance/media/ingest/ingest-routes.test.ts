import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { authorisationCache } from './authorisation-cache.ts'
import { ingestRoutes } from './ingest-routes.ts'
import { publishGate, type Verdict } from './publish-gate.ts'
import type { Publisher } from './rtmp-stat.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingest-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const allowed: Verdict = { outcome: 'allowed', open: false }
const refused: Verdict = { outcome: 'refused', why: 'This is not a key of this stream.' }
const away: Verdict = { outcome: 'unavailable' }

test('an allowed publisher comes in', async () => {
  const node = start([allowed])
  expect(await node.publish({ key: 'secret' })).toBe(204)
  expect(node.told).toEqual(['came stream/cam 5'])
})

test.each([
  ['a wrong key', { key: 'secret' }, 403, /not a key of this stream.*cam/],
  ['no key', {}, 403, /not a key of this stream.*cam/],
  ['a name of other characters', { name: '../secret' }, 400, /letters, digits/],
  ['an endless key', { key: 'secret'.repeat(2000) }, 400, /key/],
])('%s is refused, and one line says why without the key', async (_, form, status, reason) => {
  const node = start([refused])
  expect(await node.publish(form)).toBe(status)
  expect(node.told).toEqual([])
  expect(node.lines).toHaveLength(1)
  expect(node.lines[0]).toMatch(/publisher refused/)
  expect(node.lines[0]).toMatch(reason)
  expect(node.lines[0]).not.toContain('secret')
})

test.each(['stream', 'live'])('anybody may connect to the application %s', async (app) => {
  const node = start([])
  expect(await node.post('/rtmp/connect', { app, tcurl: 'rtmp://node/x', call: 'connect' })).toBe(204)
  expect(node.lines).toEqual([])
})

test('an application that is none is refused, and one line says which there is', async () => {
  const node = start([])
  expect(await node.post('/rtmp/connect', { app: 'wrong', key: 'secret', call: 'connect' })).toBe(404)
  expect(node.lines).toHaveLength(1)
  expect(node.lines[0]).toMatch(/publisher refused.*wrong.*rtmp:\/\/HOST:1935\/stream/)
  expect(node.lines[0]).not.toContain('secret')
})

test('a known key works while the control plane is away, another does not', async () => {
  const node = start([allowed, away, away])
  expect(await node.publish({ key: 'secret' })).toBe(204)
  expect(await node.publish({ key: 'secret' })).toBe(204)
  expect(await node.publish({ key: 'other' })).toBe(403)
})

test('a key that was revoked does not work either when the control plane is away later', async () => {
  const node = start([allowed, refused, away])
  expect(await node.publish({ key: 'secret' })).toBe(204)
  expect(await node.publish({ key: 'secret' })).toBe(403)
  expect(await node.publish({ key: 'secret' })).toBe(403)
})

test('a known key does not open the door while the control plane merely does not listen', async () => {
  const node = start([allowed, { outcome: 'put-off' }, away])
  expect(await node.publish({ key: 'secret' })).toBe(204)
  expect(await node.publish({ key: 'secret' })).toBe(403)
  expect(await node.publish({ key: 'secret' }), 'and it is not forgotten').toBe(204)
})

test('a second publisher does not push out a healthy one', async () => {
  const node = start([allowed])
  let bytesIn = 0
  node.present = () => [publisher({ bytesIn: bytesIn++ })]
  expect(await node.publish({ key: 'secret' })).toBe(409)
  expect(node.told).toEqual([])
})

test('a half-dead publisher makes room, but only for somebody who may come in', async () => {
  const node = start([refused, allowed])
  node.present = () => [publisher({ app: 'live' })]
  expect(await node.publish({ key: 'wrong' })).toBe(403)
  expect(await node.publish({ key: 'secret' })).toBe(204)
  expect(node.told).toEqual(['drop live/cam', 'came stream/cam 5'])
})

test('nobody publishes a stream that is pulled from elsewhere', async () => {
  const node = start([allowed])
  expect(await node.publish({ key: 'secret', name: 'pulled' })).toBe(409)
  expect(node.told).toEqual([])
})

test('a farewell is passed on', async () => {
  const node = start([])
  expect(await node.post('/rtmp/done', { app: 'stream', name: 'cam', clientid: '5' })).toBe(204)
  expect(node.told).toEqual(['left cam 5'])
})

function start(verdicts: Verdict[]) {
  const lines: string[] = []
  const told: string[] = []
  const log = createLog('media', (line) => lines.push(line))
  const app = new Hono()
  const node = { lines, told, present: (): Publisher[] => [], publish, post }
  const admit = publishGate({
    ask: async () => verdicts.shift() ?? refused,
    cache: authorisationCache(join(folder, 'authorised.json')),
    full: () => undefined,
    isPulled: (name) => name === 'pulled',
    rtmp: {
      publishers: async () => node.present(),
      drop: async ({ app, name }) => void told.push(`drop ${app}/${name}`),
    },
  })
  answerProblems(app, log)
  app.route(
    '/rtmp',
    ingestRoutes({
      admit,
      came: ({ app, name, clientId }) => void told.push(`came ${app}/${name} ${clientId}`),
      left: ({ name, clientId }) => void told.push(`left ${name} ${clientId}`),
      log,
    }),
  )

  async function post(path: string, form: Record<string, string>) {
    const response = await app.request(path, { method: 'POST', body: new URLSearchParams(form) })
    return response.status
  }
  function publish(form: Record<string, string>) {
    return post('/rtmp/publish', {
      app: 'stream',
      name: 'cam',
      addr: '::1',
      clientid: '5',
      call: 'publish',
      ...form,
    })
  }
  return node
}

function publisher(part: Partial<Publisher>): Publisher {
  return { app: 'stream', name: 'cam', clientId: '4', bytesIn: 9, video: undefined, audio: false, ...part }
}
