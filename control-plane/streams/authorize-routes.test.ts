import { Problem } from '@sixcast/shared/contract/problem.ts'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import type { SignedEnv } from '../nodes/signed-requests.ts'
import { refusalLimit } from '../refusal-limit.ts'
import { authorizeRoutes } from './authorize-routes.ts'

const { url, db, rooms, lines, enrolledNode } = await startTestControlPlane()

let name: string
let secret: string
let keyId: string
let counter = 0
beforeEach(async () => {
  counter += 1
  name = `stream-${counter}`
  await rooms.streamCatalog.addStream({ name })
  const key = await rooms.streamCatalog.createKey(name)
  secret = key.secret
  keyId = key.id
  lines.length = 0
})

// Each test's publisher has an address of its own, as the limit counts per address; told by a node it is believed.
const node = await enrolledNode()
await node.beat()

const get = (values: Record<string, string>) =>
  fetch(`${url}/authorize?${new URLSearchParams({ app: 'stream', addr: `10.0.0.${counter}`, ...values })}`)
const post = (values: Record<string, string>) =>
  fetch(`${url}/authorize`, {
    method: 'POST',
    body: new URLSearchParams({ app: 'stream', addr: `10.0.0.${counter}`, ...values }),
  })

test.each([
  ['GET', get],
  ['POST', post],
] as const)('the right key may publish (%s)', async (_, ask) => {
  const response = await ask({ name, key: secret, flashver: 'FMLE/3.0', clientid: '7' })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ allowed: true, name, open: false })
})

test.each<[string, () => Record<string, string> | Promise<Record<string, string>>, RegExp]>([
  ['no key', () => ({ name }), /needs a key/],
  ['an empty key', () => ({ name, key: '' }), /needs a key/],
  ['a wrong key', () => ({ name, key: 'x'.repeat(32) }), /not a key/],
  ['a key in other letters', () => ({ name, key: secret.toUpperCase() }), /not a key/],
  ['a stream that nobody made', () => ({ name: 'nowhere', key: secret }), /no such stream/],
  [
    'the key of another stream',
    async () => {
      await rooms.streamCatalog.addStream({ name: `${name}-other` })
      return { name: `${name}-other`, key: secret }
    },
    /not a key/,
  ],
  [
    'a revoked key',
    async () => {
      await rooms.streamCatalog.revokeKey(name, keyId)
      return { name, key: secret }
    },
    /revoked/,
  ],
])('%s is refused, and one line of log says why without the key', async (_, values, why) => {
  const asked = await values()
  for (const ask of [get, post]) {
    lines.length = 0
    const response = await ask(asked)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ code: 'key-refused', message: expect.stringMatching(why) })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(why)
    if (asked.key) expect(lines[0]).not.toContain(asked.key)
  }
})

test('what calls itself an address and is none decides nothing and stands in no log', async () => {
  const addr = 'x\u009b2J'
  expect((await get({ name, key: secret, addr })).status).toBe(200)
  expect((await get({ name, key: 'wrong', addr })).status).toBe(403)
  expect(lines.map((line) => JSON.parse(line).address)).toEqual(['127.0.0.1'])
})

test('an open stream needs no key, yet a wrong one is told', async () => {
  await rooms.streamCatalog.addStream({ name: `open-${name}`, open: true })
  expect(await (await get({ name: `open-${name}` })).json()).toEqual({
    allowed: true,
    name: `open-${name}`,
    open: true,
  })
  expect((await get({ name: `open-${name}`, key: 'wrong' })).status).toBe(403)
})

test('an application that no node has is refused, whatever the key; both that there are may be named', async () => {
  await rooms.streamCatalog.addStream({ name: `open-${name}`, open: true })
  for (const asked of [{ name: `open-${name}` }, { name, key: secret }]) {
    const refused = await get({ ...asked, app: 'x' })
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { code: 'key-refused', message: expect.stringContaining('no application "x": publish to') },
    ])
    for (const app of ['stream', 'live']) expect((await get({ ...asked, app })).status).toBe(200)
  }
})

test('a key is in the database only as a hash of 256 bits', async () => {
  const rows = JSON.stringify(await db.selectFrom('stream_key').selectAll().execute())
  expect(rows).not.toContain(secret)
  expect(Buffer.from(secret, 'base64url').length * 8).toBeGreaterThanOrEqual(128)
})

test('who tries keys is not listened to for a while', async () => {
  const app = new Hono()
  app.onError((error, c) => c.text('', error instanceof Problem ? error.status : 500))
  app.route('/', authorizeRoutes({ ...rooms, signed, limit: refusalLimit(LIMIT), log: silentLog }))
  const ask = async (source: string, key: string) =>
    (await app.request(`/authorize?${new URLSearchParams({ name, key })}`, {}, cameFrom(source))).status
  for (let i = 0; i < LIMIT.refusals; i++) expect(await ask('198.51.100.1', 'guess')).toBe(403)
  expect(await ask('198.51.100.1', secret)).toBe(429)
  expect(await ask('198.51.100.2', secret)).toBe(200)
})

test('who asks while the database is away is listened to when it is back', async () => {
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const asks = Array.from({ length: LIMIT.refusals }, () => () => Promise.reject(away))
  const streams = { ...rooms.streams, find: (asked: string) => asks.pop()?.() ?? rooms.streams.find(asked) }
  const app = new Hono()
  app.onError((error, c) => c.text('', error instanceof Problem ? error.status : 503))
  app.route('/', authorizeRoutes({ streams, signed, limit: refusalLimit(LIMIT), log: silentLog }))
  const path = `/authorize?${new URLSearchParams({ name, key: secret })}`
  const statuses: number[] = []
  for (let i = 0; i <= LIMIT.refusals; i++)
    statuses.push((await app.request(path, {}, cameFrom('198.51.100.3'))).status)
  expect(statuses).toEqual([503, 503, 503, 200])
})

const LIMIT = { refusals: 3, perMs: 60_000 }
const cameFrom = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })
const signed = createMiddleware<SignedEnv>((_, next) => next())

test('a node is always listened to, whatever its encoders try', async () => {
  const tried = { name, addr: '192.0.2.1' }
  for (let i = 0; i < 31; i++)
    expect((await node.post('/v1/authorize', { ...tried, key: `guess-${i}` })).status).toBe(403)
  expect((await node.post('/v1/authorize', { ...tried, key: secret })).status).toBe(200)
})

test('only a node may ask as a node', async () => {
  const response = await fetch(`${url}/v1/authorize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, key: secret }),
  })
  expect(response.status).toBe(401)
})

test('what succeeds is never counted', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 40; i++) statuses.push((await get({ name, key: secret })).status)
  expect(new Set(statuses)).toEqual(new Set([200]))
})
