import { beforeEach, expect, test } from 'vitest'
import { origin, pages, startTestConsole, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})

const events = [
  '/console/events/nodes',
  '/console/events/nodes/depot2345depot2345de',
  '/console/events/streams',
  '/console/events/streams/harbour',
]
const deeds = [
  '/console/claims',
  '/console/nodes/depot2345depot2345de/revoke',
  '/console/streams',
  '/console/streams/harbour/keys',
  '/console/streams/harbour/listing',
  '/console/streams/harbour/keys/3fa2c1d0/revoke',
  '/console/logout',
]

test.each(pages)('%s is for operators: others are led to the login', async (path) => {
  const response = await fleet.get(path, { cookie: '' })
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/console/login')
  expect((await fleet.get(path)).status).toBe(200)
})

test.each(events)('%s is for operators', async (path) => {
  expect((await fleet.get(path, { cookie: '', accept: 'text/event-stream' })).status).toBe(401)
})

test.each(deeds)(
  '%s is done for nobody without a login, without a token, or from a foreign page',
  async (path) => {
    expect((await fleet.post(path, {}, { cookie: '' })).status).toBe(401)
    expect((await fleet.post(path, { csrf: 'guessed' })).status).toBe(403)
    expect((await fleet.post(path, {}, { origin: 'http://evil.example' })).status).toBe(403)
    expect(fleet.done).toEqual([])
  },
)

test('every form that changes something carries the token', async () => {
  for (const path of pages) {
    const forms = (await fleet.page(path)).match(/<form[^>]* method="post"[\s\S]*?<\/form>/g) ?? []
    expect(forms.length).toBeGreaterThan(0)
    for (const form of forms) expect(form).toContain('name="csrf" value="csrf-token"')
  }
})

test('pages are kept in no cache and run no script but their own', async () => {
  const response = await fleet.get('/console')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(response.headers.get('content-security-policy')).toContain("connect-src 'self';")
  expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\s(style|on\w+)="/)
})

test('the right password opens the console, a wrong one is said to be wrong', async () => {
  const wrong = await fleet.post('/console/login', { name: 'admin', password: 'wrong' }, { cookie: '' })
  expect(wrong.status).toBe(401)
  expect(await wrong.text()).toContain('Name and password do not belong together.')
  const right = await fleet.post('/console/login', { name: 'admin', password: 'right' }, { cookie: '' })
  expect(right.status).toBe(303)
  expect(right.headers.get('location')).toBe('/console')
  expect(right.headers.get('set-cookie')).toMatch(/^sixcast=token;.*HttpOnly; SameSite=Strict/)
})

test.each([
  ['nothing', ''],
  ['no password', 'name=admin'],
  ['a name without end', `name=${'n'.repeat(10_000)}&password=x`],
])('a login with %s is refused', async (_, body) => {
  const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' }
  expect((await fleet.request('/console/login', { method: 'POST', headers, body })).status).toBe(400)
})

test('logging out ends the session', async () => {
  const response = await fleet.post('/console/logout', {})
  expect(response.headers.get('location')).toBe('/console/login')
  expect(fleet.done).toEqual([['logout', 'token']])
})

test.each([
  '/console/nodes/nobody',
  '/console/streams/nothing',
  '/console/streams/harbour/keys/nokey',
  '/console/events/nodes/nobody',
])('what does not exist is said not to (%s)', async (path) => {
  const response = await fleet.get(path)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('There is no')
  expect(await (await fleet.get(path, { accept: 'application/json' })).json()).toMatchObject({
    code: expect.any(String),
  })
})

test.each(['/console/zzz', '/console/streams/harbour/zzz'])(
  'an address of nothing is a page for operators, and a code for programs (%s)',
  async (path) => {
    const response = await fleet.get(path)
    expect([response.status, response.headers.get('content-security-policy')]).toEqual([
      404,
      expect.any(String),
    ])
    expect(await response.text()).toContain('There is nothing here.')
    expect(await (await fleet.get(path, { accept: '*/*' })).json()).toEqual({ code: 'not-found' })
  },
)

test('a bug is reported and shown without detail', async () => {
  fleet.broken = new TypeError('secret detail')
  const response = await fleet.get('/console')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret detail')
  expect(fleet.reported).toEqual([fleet.broken])
})

test('a torn form is the sender’s mistake, not a bug', async () => {
  const response = await fleet.app.request('/console/login', {
    method: 'POST',
    headers: {
      'content-type': 'multipart/form-data; boundary=x',
      origin: 'http://localhost',
      host: 'localhost',
    },
    body: '--x\r\nbroken',
  })
  expect(response.status).toBe(400)
  expect(fleet.reported).toEqual([])
})
