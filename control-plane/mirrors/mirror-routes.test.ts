import { beforeEach, expect, test } from 'vitest'
import { startTestMirrors } from './start-test-mirrors.ts'

const { url, rooms, healthyNode, newStream, planMirrors, clear } = await startTestMirrors()
const password = await rooms.accounts.resetPassword('admin')

const login = await fetch(`${url}/console/login`, {
  method: 'POST',
  headers: { origin: url },
  body: new URLSearchParams({ name: 'admin', password }),
  redirect: 'manual',
})
const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''

let name: string
beforeEach(async () => {
  await clear()
  name = await newStream()
})

const get = (path: string, headers: Record<string, string> = { cookie }) =>
  fetch(`${url}${path}`, { headers })
const put = (path: string, body: unknown, headers: Record<string, string> = { cookie }) =>
  fetch(`${url}${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const ofStream = () => `/v1/streams/${name}/mirrors`

test('the rule is no mirrors until an operator sets another', async () => {
  expect(await (await get('/v1/mirrors/rule')).json()).toEqual({ copies: 1 })
  expect(await (await put('/v1/mirrors/rule', { copies: 2 })).json()).toEqual({ copies: 2 })
  expect(await (await get('/v1/mirrors/rule')).json()).toEqual({ copies: 2 })
})

test('of a stream is told who has it, in which role, what is wanted, and why there is less', async () => {
  const [a, b] = [await healthyNode('2a01:4f8::1'), await healthyNode('2a01:4f8:2::1')]
  await a.report(name)
  expect(await (await get(ofStream())).json()).toMatchObject({ rule: { copies: 1 }, lacks: [] })
  const response = await put(ofStream(), { copies: 3 })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  await planMirrors()
  const holder = { node: { name: 'box' }, since: expect.any(String), standing: 'healthy' }
  expect(await (await get(ofStream())).json()).toMatchObject({
    choice: { copies: 3 },
    holders: [
      { ...holder, node: { id: a.id }, role: 'origin', state: 'live' },
      { ...holder, node: { id: b.id }, role: 'mirror', state: 'ordered' },
    ],
    lacks: ['No third node stands healthy.'],
  })
  await b.report(name, { role: 'mirror' })
  expect((await (await get(ofStream())).json()).holders[1]).toMatchObject({ role: 'mirror', state: 'live' })
})

test('nodes are named, and the rule takes their place again', async () => {
  const b = await healthyNode('2a01:4f8:2::1')
  expect(await (await put(ofStream(), { nodes: [b.id] })).json()).toMatchObject({ choice: { nodes: [b.id] } })
  expect(await (await put(ofStream(), { rule: true })).json()).not.toHaveProperty('choice')
})

const UNKNOWN = 'a'.repeat(20)
test.each<[object, RegExp]>([
  [{ copies: 0 }, /^copies: 1 is the least/],
  [{ copies: 6 }, /^copies: 5 are the most$/],
  [{ copies: 1.5 }, /^copies: a whole number/],
  [{ copies: '2' }, /^copies: a whole number/],
  [{ nodes: [] }, /^nodes: name at least one$/],
  [{ nodes: Array.from('abcde', (letter) => letter.repeat(20)) }, /^nodes: 4 are the most$/],
  [{ nodes: [UNKNOWN, UNKNOWN] }, /^nodes: one is named twice$/],
  [{ nodes: ['x'] }, /^nodes\.0: /],
  [{ nodes: [UNKNOWN] }, /^nodes: the fleet has no node a{20}\.$/],
  [{}, /^Say one of copies/],
  [{ copies: 2, rule: true }, /^Say one of copies/],
  [{ copy: 2 }, /copy/],
])('%j is refused, and the field is named', async (body, said) => {
  const response = await put(ofStream(), body)
  expect([response.status, (await response.json()).message]).toEqual([400, expect.stringMatching(said)])
  expect(await rooms.mirrorDesk.find(name)).not.toHaveProperty('choice')
})

test('the node that a stream is published to is not named as its own mirror, nor one that is revoked', async () => {
  const [a, b] = [await healthyNode('2a01:4f8::1'), await healthyNode('2a01:4f8:2::1')]
  await a.report(name)
  const response = await put(ofStream(), { nodes: [a.id] })
  expect([response.status, (await response.json()).message]).toEqual([
    400,
    `nodes: ${name} is published to box itself; name others.`,
  ])
  await rooms.fleetRegister.revokeNode(b.id)
  expect((await put(ofStream(), { nodes: [b.id] })).status).toBe(400)
})

test.each([
  ['/v1/mirrors/rule', { copies: 9 }, 400, 'bad-request'],
  ['/v1/streams/nowhere/mirrors', { copies: 2 }, 404, 'unknown-stream'],
])('%s is answered %j %d %s', async (path, body, status, code) => {
  const response = await put(path, body)
  expect([response.status, (await response.json()).code]).toEqual([status, code])
})

test('nobody else is told, or changes anything', async () => {
  for (const path of ['/v1/mirrors/rule', ofStream()]) {
    expect((await get(path, {})).status).toBe(401)
    expect((await put(path, { copies: 2 }, {})).status).toBe(401)
    const form = await fetch(url + path, {
      method: 'PUT',
      headers: { cookie },
      body: new URLSearchParams({ copies: '2' }),
    })
    expect(form.status).toBe(403)
    const asked = await fetch(url + path, {
      method: 'OPTIONS',
      headers: { origin: 'http://elsewhere.example' },
    })
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
  }
})
