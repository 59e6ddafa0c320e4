import { beforeEach, expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import type { Role } from './roles.ts'
import type { Scope } from './token-scopes.ts'

type Cloud = Awaited<ReturnType<typeof startTestControlPlane>>
let cloud: Cloud
/** Each begins with nobody counted. */
beforeEach(async () => {
  cloud = await startTestControlPlane()
  await cloud.rooms.accounts.resetPassword('admin')
})

async function tokenOf(role: Role, scope: Scope, name: string = role) {
  await cloud.rooms.accounts.invite(name, role)
  const made = await cloud.rooms.apiTokens.makeToken(
    { operator: name, role },
    { name: 'deploy', scope, days: 30 },
  )
  return made.token
}

const ask = (path: string, token: string, { headers = {}, ...init }: RequestInit = {}) =>
  fetch(cloud.url + path, {
    ...init,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
const json = (body: object) => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const saidBy = async (response: Response) => [response.status, await response.json()]

test('a token reads, and changes what it is for; the record names it beside its owner', async () => {
  const [reads, acts] = [await tokenOf('operator', 'read', 'ann'), await tokenOf('operator', 'fleet', 'bob')]
  expect((await ask('/v1/audit', reads)).status).toBe(200)
  expect(await saidBy(await ask('/v1/mirrors/rule', reads, json({ copies: 2 })))).toEqual([
    403,
    { code: 'not-allowed', message: expect.stringContaining('The token deploy is for read') },
  ])
  expect((await ask('/v1/mirrors/rule', acts, json({ copies: 2 }))).status).toBe(200)
  expect((await ask('/v1/audit', acts)).status).toBe(403)
  const { entries } = await cloud.rooms.audit.read({ deed: 'mirror by rule' })
  expect(entries).toMatchObject([{ who: 'bob by token deploy', source: '127.0.0.1', outcome: 'done' }])
})

test('what is made with a token is its owner’s', async () => {
  const token = await tokenOf('operator', 'fleet', 'ann')
  const node = await cloud.enrolledNode()
  const path = `/v1/nodes/${node.id}/configuration`
  expect((await ask(path, token, json({ basedOn: 0, settings: { mostViewers: 9 } }))).status).toBe(200)
  const { history } = (await (await ask(path, token)).json()) as { history: { madeBy: string }[] }
  expect(history).toMatchObject([{ madeBy: 'ann' }])
  expect((await ask(`/v1/nodes/${node.id}/duty`, token, json({ duty: 'draining' }))).status).toBe(200)
})

test('a token never does more than its owner may now, and nothing once he is gone', async () => {
  const token = await tokenOf('operator', 'fleet', 'ann')
  const { accounts } = cloud.rooms
  const status = async () => (await ask('/v1/mirrors/rule', token, json({ copies: 2 }))).status
  expect(await status()).toBe(200)
  await accounts.changeRole('ann', 'support')
  expect(await status()).toBe(403)
  await accounts.changeRole('ann', 'operator')
  expect(await status()).toBe(200)
  await accounts.removePerson('ann')
  expect(await status()).toBe(401)
})

test('no page is opened by a token, and no form done', async () => {
  const token = await tokenOf('admin', 'read', 'ann')
  const page = await ask('/console', token, { headers: { accept: 'text/html' } })
  expect([page.status, page.headers.get('location')]).toEqual([303, '/console/login'])
  const body = new URLSearchParams({ name: 'x', role: 'admin' })
  const form = await ask('/console/people', token, { method: 'POST', body, headers: { origin: cloud.url } })
  expect(form.status).toBe(401)
})

test('where a token is brought a session does not count', async () => {
  const [token, cookie] = [await tokenOf('operator', 'read', 'ann'), await cloud.operatorCookie()]
  const change = json({ copies: 2 })
  const both = { ...change, headers: { ...change.headers, cookie } }
  expect((await ask('/v1/mirrors/rule', token, both)).status).toBe(403)
  expect((await ask('/v1/audit', 'sixcast_invented', { headers: { cookie } })).status).toBe(401)
  expect((await ask('/v1/audit', '', { headers: { cookie } })).status).toBe(401)
  const basic = { cookie, authorization: 'Basic YTpi' }
  expect((await fetch(`${cloud.url}/v1/audit`, { headers: basic })).status).toBe(200)
})

test('of a program no page of ours is demanded, but JSON all the same', async () => {
  const token = await tokenOf('operator', 'fleet', 'ann')
  const change = json({ copies: 2 })
  const foreign = { ...change, headers: { ...change.headers, origin: 'http://evil.example' } }
  expect((await ask('/v1/mirrors/rule', token, foreign)).status).toBe(200)
  const plain = { ...change, headers: { 'content-type': 'text/plain' } }
  expect((await ask('/v1/mirrors/rule', token, plain)).status).toBe(400)
})

test('wrong tokens are said to be, and after some nobody at that address is listened to; logins go on', async () => {
  const good = await tokenOf('operator', 'read', 'ann')
  const wrong = await ask('/v1/audit', 'sixcast_invented')
  expect(wrong.headers.get('www-authenticate')).toBe('Bearer')
  expect(await saidBy(wrong)).toEqual([
    401,
    { code: 'not-logged-in', message: 'There is no such token, or it was revoked. Make one in the console.' },
  ])
  const statuses = []
  for (let tries = 0; tries < 10; tries++) statuses.push((await ask('/v1/audit', 'guess')).status)
  expect(statuses).toEqual([...Array.from({ length: 9 }, () => 401), 429])
  expect((await ask('/v1/audit', good)).status).toBe(429)
  const password = await cloud.rooms.accounts.resetPassword('admin')
  const login = await fetch(`${cloud.url}/console/login`, {
    ...{ method: 'POST', redirect: 'manual', headers: { origin: cloud.url } },
    body: new URLSearchParams({ name: 'admin', password }),
  })
  expect(login.status).toBe(303)
})

test('one that has expired is told so, and is not taken for a guess', async () => {
  const token = await tokenOf('operator', 'read', 'ann')
  await cloud.db
    .updateTable('api_token')
    .set({ expires_at: new Date(Date.now() - 1) })
    .execute()
  for (let tries = 0; tries < 12; tries++)
    expect(await saidBy(await ask('/v1/audit', token))).toMatchObject([
      401,
      { message: expect.stringContaining('The token deploy has expired.') },
    ])
})

test('a link to a verdict is made by a token for claims', async () => {
  const [claims, reads] = [
    await tokenOf('installer', 'claims', 'ann'),
    await tokenOf('installer', 'read', 'bob'),
  ]
  const node = await cloud.enrolledNode()
  const post = { ...json({}), method: 'POST' }
  expect((await ask(`/v1/nodes/${node.id}/verdict-link`, claims, post)).status).toBe(200)
  expect((await ask(`/v1/nodes/${node.id}/verdict-link`, reads, post)).status).toBe(403)
  expect((await ask(`/v1/nodes/${node.id}/verdict`, reads)).status).toBe(200)
})
