import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, silentLog } from '../../tests/setup/fresh-database.ts'
import { refusalLimit } from '../refusal-limit.ts'
import { apiTokenRepository } from './api-token-repository.ts'
import { apiTokens } from './api-tokens.ts'
import { operatorAccounts } from './operator-accounts.ts'
import { type OperatorEnv, operatorLogin } from './operator-login.ts'
import { operatorRepository } from './operator-repository.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

const db = await freshDatabase()
const accounts = operatorAccounts({ operators: operatorRepository(db) })
const tokens = apiTokens({ apiTokenRows: apiTokenRepository(db) })
const password = await accounts.resetPassword('admin')

let url: string
const servers: ReturnType<typeof createServer>[] = []
afterAll(() => {
  for (const server of servers) server.close()
})
beforeEach(async () => {
  url = await serve('http://fleet.example')
})

const fewRefusals = () => refusalLimit({ refusals: 3, perMs: 60_000 })

/** A console of some routes. */
async function serve(publicUrl: string) {
  const limits = { limit: fewRefusals(), tokenLimit: fewRefusals() }
  const operators = operatorLogin({ accounts, tokens, publicUrl, ...limits })
  const app = new Hono<OperatorEnv>()
    .use(operators.requireOwnOrigin)
    .post('/console/login', async (c) => {
      const form = await c.req.parseBody()
      const session = await operators.login(c, String(form.name), String(form.password))
      return session ? c.json({ csrf: session.csrfToken }) : c.json({ code: 'wrong-password' }, 401)
    })
    .post('/console/logout', async (c) => {
      await operators.logout(c)
      return c.text('bye')
    })
    .get('/console', operators.requireOperator, (c) => c.text(c.get('operator').operator))
    .post('/console', operators.requireOperator, (c) => c.text('done'))
    .post('/console/me/password', operators.requireOperator, async (c) => {
      const { present = '', next = '' } = (await c.req.parseBody()) as Record<string, string>
      await operators.changePassword(c, { present, next })
      return c.text('changed')
    })
  const root = new Hono().route('/', app)
  answerProblems(root, silentLog)
  const server = createServer(getRequestListener(root.fetch)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const form = (path: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: 'POST',
    headers: { origin: url, ...headers },
    body: new URLSearchParams(values),
  })

async function loggedIn() {
  const response = await form('/console/login', { name: 'admin', password })
  const cookie = response.headers.get('set-cookie') ?? ''
  return { cookie: cookie.split(';')[0] ?? '', whole: cookie, csrf: (await response.json()).csrf }
}

const read = (cookie: string) => fetch(`${url}/console`, { headers: { cookie } })

test('the right password opens a session that scripts and other sites cannot use', async () => {
  const { cookie, whole } = await loggedIn()
  expect(whole).toMatch(/HttpOnly/)
  expect(whole).toMatch(/SameSite=Strict/)
  expect(whole).not.toMatch(/Secure/)
  expect(await (await read(cookie)).text()).toBe('admin')
})

test('under https the cookie is for https alone', async () => {
  url = await serve('https://fleet.example')
  expect((await loggedIn()).whole).toMatch(/^__Host-.*Path=\/.*Secure/)
})

test('the secret of a session is not in the database', async () => {
  const { cookie } = await loggedIn()
  const rows = JSON.stringify(await db.selectFrom('operator_session').selectAll().execute())
  expect(rows).not.toContain(cookie.split('=')[1])
})

test.each([
  ['admin', 'wrong'],
  ['nobody', 'wrong'],
  ['ADMIN', ''],
  ["' or 1=1 -- ", 'x'],
  ['admin', 'x'.repeat(10_000)],
])('%s with a wrong password gets no session', async (name, wrong) => {
  const response = await form('/console/login', { name, password: wrong })
  expect(response.status).toBe(401)
  expect(response.headers.get('set-cookie')).toBeNull()
})

test('after some wrong passwords nobody at that address may try, not even with the right one', async () => {
  const tries = await Promise.all(
    Array.from({ length: 6 }, () => form('/console/login', { name: 'admin', password: 'wrong' })),
  )
  expect(tries.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429, 429, 429])
  expect((await form('/console/login', { name: 'admin', password })).status).toBe(429)
})

test('right passwords are not counted', async () => {
  for (let i = 0; i < 5; i++) expect((await loggedIn()).cookie).not.toBe('')
})

test('without a session a person is sent to the login, a script is told', async () => {
  const person = await fetch(`${url}/console`, { headers: { accept: 'text/html' }, redirect: 'manual' })
  expect([person.status, person.headers.get('location')]).toEqual([303, '/console/login'])
  const script = await read('sixcast=invented')
  expect([script.status, await script.json()]).toEqual([401, { code: 'not-logged-in' }])
})

test('a change needs the token of the session, as field or header', async () => {
  const { cookie, csrf } = await loggedIn()
  expect((await form('/console', { csrf }, { cookie })).status).toBe(200)
  const other = await loggedIn()
  for (const values of [{}, { csrf: '' }, { csrf: other.csrf }]) {
    const refused = await form('/console', values as Record<string, string>, { cookie })
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'foreign-request'])
  }
})

test('a form of another site is refused, also at the login', async () => {
  const { cookie, csrf } = await loggedIn()
  for (const path of ['/console', '/console/login']) {
    const refused = await form(path, { csrf }, { cookie, origin: 'http://evil.example' })
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'foreign-request'])
  }
  expect((await form('/console', { csrf }, { cookie, origin: 'http://fleet.example' })).status).toBe(200)
})

test('a logout ends the session itself, not only its cookie', async () => {
  const { cookie } = await loggedIn()
  expect((await form('/console/logout', {}, { cookie })).headers.get('set-cookie')).toMatch(/Max-Age=0/)
  expect((await read(cookie)).status).toBe(401)
})

test('a session ends with its time', async () => {
  const { cookie } = await loggedIn()
  await db
    .updateTable('operator_session')
    .set({ expires_at: new Date(Date.now() - 1) })
    .execute()
  expect((await read(cookie)).status).toBe(401)
  await loggedIn()
  expect(await db.selectFrom('operator_session').selectAll().execute()).toHaveLength(1)
})

test('a changed password ends every session and the old password', async () => {
  const other = await accounts.resetPassword('second')
  const session = (await accounts.login('second', other)) ?? expect.fail()
  const opened = (await accounts.login('second', other)) ?? expect.fail()
  await accounts.changePassword('second', { present: other, next: 'long enough for all' })
  for (const { token } of [session, opened]) expect(await accounts.findSession(token)).toBeUndefined()
  expect(await accounts.login('second', other)).toBeUndefined()
})

test('a session that was there before a login is never taken over by it', async () => {
  const before = await loggedIn()
  for (const planted of [before.cookie, 'sixcast=planted-by-somebody'])
    expect(
      (await form('/console/login', { name: 'admin', password }, { cookie: planted })).headers.get(
        'set-cookie',
      ),
    ).not.toContain(planted)
  expect((await read('sixcast=planted-by-somebody')).status).toBe(401)
})

test('wrong present passwords are counted as wrong logins are, and what is wrong with the new one is not', async () => {
  const { cookie, csrf } = await loggedIn()
  const change = async (present: string, next: string) =>
    (await form('/console/me/password', { csrf, present, next }, { cookie })).status
  for (const tried of Array.from({ length: 4 }, () => change(password, 'short')))
    expect(await tried).toBe(400)
  const guesses = [await change('a', 'long enough for all'), await change('b', 'long enough for all')]
  expect([...guesses, await change('c', 'long enough for all')]).toEqual([401, 401, 401])
  expect(await change(password, 'long enough for all')).toBe(429)
  expect((await form('/console/login', { name: 'admin', password })).status).toBe(429)
})

test('where somebody is logged in is listed without what opens it, and each can be ended', async () => {
  await accounts.endSessions('admin')
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const sent = { 'user-agent': `${agent}${'x'.repeat(500)}` }
  const response = await form('/console/login', { name: 'admin', password }, sent)
  const here = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const [one, ...others] = await accounts.listSessions('admin')
  expect([one, others]).toMatchObject([{ browser: 'Firefox on Linux', source: '127.0.0.1' }, []])
  expect(JSON.stringify(one)).not.toContain(here.split('=')[1])
  const there = await loggedIn()
  await accounts.endSessions('admin', here.split('=')[1])
  expect([(await read(here)).status, (await read(there.cookie)).status]).toEqual([200, 401])
  await expect(accounts.endSession('second', one?.id ?? '')).rejects.toMatchObject({ code: 'not-found' })
  await accounts.endSession('admin', one?.id ?? '')
  expect((await read(here)).status).toBe(401)
})

test('when a session was last seen is written once a minute at most', async () => {
  let now = new Date('2026-11-20T12:00:00Z')
  const later = operatorAccounts({ operators: operatorRepository(db), now: () => now })
  const { token } = (await later.login('admin', password)) ?? expect.fail()
  const seen = async (afterMs: number) => {
    now = new Date(now.getTime() + afterMs)
    await later.findSession(token, { source: '192.0.2.7', agent: 'curl/8.0' })
    return (await later.listSessions('admin')).map(({ seenAt, source }) => [seenAt.toISOString(), source])
  }
  const first = ['2026-11-20T12:00:00.000Z', '']
  expect(await seen(59_000)).toContainEqual(first)
  expect(await seen(1000)).toContainEqual(['2026-11-20T12:01:00.000Z', '192.0.2.7'])
})

test('a password hash is salted, and fits only its password however the keyboard writes it', async () => {
  const hashes = [await hashPassword('Zürich'), await hashPassword('Zürich')]
  expect(new Set(hashes).size).toBe(2)
  expect(await verifyPassword('Zu\u0308rich', hashes[0])).toBe(true)
  expect(await verifyPassword('Zurich', hashes[0])).toBe(false)
})
