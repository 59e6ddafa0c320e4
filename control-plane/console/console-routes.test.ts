import { Problem } from '@sixcast/shared/contract/problem.ts'
import { beforeEach, expect, test } from 'vitest'
import type { NodeView } from '../nodes/node-view.ts'
import type { OperatorAccounts, OperatorSession } from '../operators/operator-accounts.ts'
import { operatorLogin } from '../operators/operator-login.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { StreamKey } from './console-dependencies.ts'
import { consoleRoutes } from './console-routes.ts'

const now = new Date('2026-11-20T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const origin = 'http://fleet.example'

const node: NodeView = {
  id: 'depot2345depot2345de',
  name: 'depot',
  enrolledAt: ago(86_400),
  release: '1.0',
  claimed: '2001:4dd0::7',
  rtmpPort: 1936,
  alive: { is: true, since: ago(3600) },
  reachable: [{ family: 6, is: true, since: ago(1200), checkedAt: ago(4) }],
  streams: ['harbour'],
  metrics: {
    measuredAt: now.toISOString(),
    uptimeSeconds: 3600,
    cpu: { percent: 23.4, cores: 4, load1: 0.5 },
    memory: { totalBytes: 8 * 2 ** 30, usedBytes: 2 * 2 ** 30 },
    storage: [],
    network: [],
    temperatureCelsius: 51.6,
    processes: [],
  },
  metricsAt: ago(2),
}
const stream: StreamView = {
  name: 'harbour',
  title: 'The harbour',
  description: '',
  open: false,
  state: 'live',
  since: ago(60),
}
const session: OperatorSession = {
  operator: 'admin',
  token: 'token',
  csrfToken: 'csrf-token',
  expiresAt: ago(-3600),
}

let nodes: NodeView[]
let streams: StreamView[]
let keys: StreamKey[]
let done: unknown[]
let reported: unknown[]
let broken: Error | undefined
let app: ReturnType<typeof consoleRoutes>

beforeEach(() => {
  nodes = [node]
  streams = [stream]
  keys = [{ id: '3fa2c1d0', createdAt: ago(600) }]
  done = []
  reported = []
  broken = undefined
  app = openConsole()
})

/** The console over what the tests say; `done` gathers what it was told to do. */
function openConsole() {
  const list = async <Item>(items: Item[]) => {
    if (broken) throw broken
    return items
  }
  return consoleRoutes({
    nodeViews: { list: () => list(nodes) },
    streamViews: { list: () => list(streams) },
    fleetRegister: {
      async revokeNode(id) {
        if (nodes.find((one) => one.id === id)?.revokedAt)
          throw new Problem('unknown-node', 'It is revoked already.')
        done.push(['revoke node', id])
      },
    },
    enrolment: {
      async createClaim({ hours }) {
        done.push(['claim', hours])
        return { claim: 'sixcast-claim-1.abc', expiresAt: ago(-3600 * hours) }
      },
    },
    streamCatalog: {
      async addStream(added) {
        if (added.name === stream.name) throw new Problem('name-taken', 'There is a stream harbour already.')
        done.push(['add', added])
      },
      async createKey(name) {
        done.push(['key', name])
        return { secret: 'the-secret' }
      },
      listKeys: async () => keys,
      async revokeKey(name, id) {
        done.push(['revoke key', name, id])
      },
    },
    login: operatorLogin({
      accounts: accounts(),
      limit: { reached: () => false, refused: () => {}, forgive: () => {} },
      publicUrl: origin,
    }),
    report: (error) => reported.push(error),
    recognise: () => undefined,
    readEveryMs: 10,
    now: () => now,
  })
}

function accounts(): OperatorAccounts {
  return {
    exists: async () => true,
    resetPassword: async () => 'right',
    login: async (_, password) => (password === 'right' ? session : undefined),
    findSession: async (token) => (token === session.token ? session : undefined),
    logout: async (token) => {
      done.push(['logout', token])
      return []
    },
  }
}

const socket = { remoteAddress: '127.0.0.1', remotePort: 1, remoteFamily: 'IPv4' }
const request = (path: string, init: RequestInit) =>
  app.request(origin + path, init, { incoming: { socket } })
const get = (path: string, headers: Record<string, string> = {}) =>
  request(path, { headers: { cookie: 'sixcast=token', accept: 'text/html', ...headers } })
const page = async (path: string) => (await get(path)).text()
const post = (path: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
  request(path, {
    method: 'POST',
    headers: { cookie: 'sixcast=token', accept: 'text/html', origin, ...headers },
    body: new URLSearchParams({ csrf: 'csrf-token', ...values }),
  })

const pages = [
  '/console',
  '/console/claims',
  '/console/nodes/depot2345depot2345de',
  '/console/streams',
  '/console/streams/harbour',
  '/console/streams/harbour/keys/3fa2c1d0',
]
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
  '/console/streams/harbour/keys/3fa2c1d0/revoke',
  '/console/logout',
]

test.each(pages)('%s is for operators: others are led to the login', async (path) => {
  const response = await get(path, { cookie: '' })
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/console/login')
  expect((await get(path)).status).toBe(200)
})

test.each(events)('%s is for operators', async (path) => {
  expect((await get(path, { cookie: '', accept: 'text/event-stream' })).status).toBe(401)
})

test.each(deeds)(
  '%s is done for nobody without a login, without a token, or from a foreign page',
  async (path) => {
    expect((await post(path, {}, { cookie: '' })).status).toBe(401)
    expect((await post(path, { csrf: 'guessed' })).status).toBe(403)
    expect((await post(path, {}, { origin: 'http://evil.example' })).status).toBe(403)
    expect(done).toEqual([])
  },
)

test('every form on every page carries the token', async () => {
  for (const path of pages) {
    const forms = (await page(path)).match(/<form[\s\S]*?<\/form>/g) ?? []
    expect(forms.length).toBeGreaterThan(0)
    for (const form of forms) expect(form).toContain('name="csrf" value="csrf-token"')
  }
})

test('pages are kept in no cache and run no script but their own', async () => {
  const response = await get('/console')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(response.headers.get('content-security-policy')).toContain("connect-src 'self';")
  expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\s(style|on\w+)="/)
})

test('the right password opens the console, a wrong one is said to be wrong', async () => {
  const wrong = await post('/console/login', { name: 'admin', password: 'wrong' }, { cookie: '' })
  expect(wrong.status).toBe(401)
  expect(await wrong.text()).toContain('Name and password do not belong together.')
  const right = await post('/console/login', { name: 'admin', password: 'right' }, { cookie: '' })
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
  expect((await request('/console/login', { method: 'POST', headers, body })).status).toBe(400)
})

test('logging out ends the session', async () => {
  const response = await post('/console/logout', {})
  expect(response.headers.get('location')).toBe('/console/login')
  expect(done).toEqual([['logout', 'token']])
})

test('the nodes page says how the fleet is, then shows each node', async () => {
  const text = await page('/console')
  expect(text).toContain('<h1>The one node is reachable. 1 stream is live.</h1>')
  for (const shown of [
    'depot',
    'alive',
    'IPv6 reachable',
    '2001:4dd0::7',
    'harbour',
    '23 %',
    '25 %',
    '52 °C',
    '1.0',
  ])
    expect(text).toContain(shown)
})

test.each<[string, Partial<NodeView>]>([
  ['silent', { alive: { is: false, since: ago(300) } }],
  ['revoked', { alive: { is: false, since: ago(300) }, revokedAt: ago(200) }],
])('of a %s node it is not said that viewers reach it', async (_, changes) => {
  nodes = [
    { ...node, ...changes, reachable: [{ family: 6, is: true, since: ago(9000), checkedAt: ago(320) }] },
  ]
  for (const path of ['/console', '/console/nodes/depot2345depot2345de'])
    expect(await page(path)).not.toContain('IPv6 reachable')
  expect(await page('/console/nodes/depot2345depot2345de')).toMatch(
    /class="state off">IPv6 was reachable <span[^>]*><time[^>]*>5 min<.time> ago/,
  )
})

test('a node in trouble is named with the cause', async () => {
  nodes = [
    {
      ...node,
      reachable: [{ family: 6, is: false, since: ago(720), checkedAt: ago(4), cause: 'It timed out.' }],
    },
  ]
  const text = await page('/console')
  expect(text).toContain('<h1>1 node needs you. 1 stream is live.</h1>')
  expect(text).toContain('viewers have not reached it for 12 min. It timed out.')
  expect(text).toContain('<span class="cause">It timed out.</span>')
})

test('what a node measured some time ago is not shown as present', async () => {
  const storage = [{ mount: '/', totalBytes: 100, usedBytes: 61 }]
  const metrics = { ...(node.metrics ?? expect.fail()), storage }
  const path = `/console/nodes/${node.id}`
  nodes = [{ ...node, metrics, metricsAt: ago(29) }]
  for (const figure of ['23 %', '25 %', '61 %']) expect(await page(path)).toContain(figure)
  nodes = [{ ...node, metrics, metricsAt: ago(31) }]
  for (const figure of ['23 %', '25 %', '61 %']) expect(await page(path)).not.toContain(figure)
  expect(await page('/console')).not.toContain('23 %')
})

test('a silent node is so since it was last heard', async () => {
  nodes = [{ ...node, alive: { is: false, since: ago(1) }, heardAt: ago(26) }]
  expect(await page('/console')).toMatch(/class="state bad">silent <span[^>]*><time[^>]*>26 s</)
})

test.each<[StreamView['state'], RegExp]>([
  ['live', /live <span[^>]*><time[^>]*>3 min</],
  ['waiting', /encoder away <span[^>]*><time[^>]*>12 s</],
  ['lost', /node silent <span[^>]*><time[^>]*>12 s</],
  ['ended', /ended <span[^>]*><time[^>]*>12 s</],
])('a stream that is %s is so since that began', async (state, words) => {
  streams = [{ ...stream, state, since: ago(180), stateSince: ago(12) }]
  expect(await page('/console/streams')).toMatch(words)
})

test('what nodes and encoders name themselves cannot become markup', async () => {
  const evil = '<script>alert(1)</script>'
  nodes = [
    {
      ...node,
      name: evil,
      release: evil,
      reachable: [{ family: 6, is: false, since: now, checkedAt: now, cause: evil }],
    },
  ]
  streams = [{ ...stream, title: evil, node: { id: node.id, name: evil } }]
  for (const path of pages) expect(await page(path), path).not.toContain('<script>alert')
})

test('an open console is sent what has changed', async () => {
  const response = await get('/console/events/nodes')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain('The one node is reachable.')
  nodes = [{ ...node, alive: { is: false, since: ago(30) } }]
  expect((await reader?.read())?.value).toContain('1 node needs you.')
  await reader?.cancel()
})

test('a claim is shown once, where it was made', async () => {
  const response = await post('/console/claims', { hours: '24' })
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('sixcast-claim-1.abc')
  expect(done).toEqual([['claim', 24]])
  expect(await page('/console/claims')).not.toContain('sixcast-claim-1.abc')
  expect((await post('/console/claims', { hours: '100000' })).status).toBe(400)
})

test('a node is revoked only when its name is typed', async () => {
  const path = `/console/nodes/${node.id}/revoke`
  const mistyped = await post(path, { name: 'deopt' })
  expect(mistyped.status).toBe(400)
  expect(await mistyped.text()).toContain('Nothing was changed.')
  expect(done).toEqual([])
  expect((await post(path, { name: 'depot' })).status).toBe(303)
  expect(done).toEqual([['revoke node', node.id]])
})

test('a revoked node is not revoked again', async () => {
  nodes = [{ ...node, revokedAt: ago(60) }]
  expect(await page(`/console/nodes/${node.id}`)).not.toContain('Revoke this node')
  const again = await post(`/console/nodes/${node.id}/revoke`, { name: 'depot' })
  expect([again.status, await again.text()]).toEqual([404, expect.stringContaining('revoked already')])
})

test('a stream is added as it was typed', async () => {
  const response = await post('/console/streams', { name: 'studio', open: 'on' })
  expect(response.headers.get('location')).toBe('/console/streams/studio')
  expect(done).toEqual([['add', { name: 'studio', title: '', description: '', open: true }]])
})

test('a name that is taken is said to be, beside what was typed', async () => {
  const response = await post('/console/streams', { name: 'harbour', title: 'Another' })
  expect(response.status).toBe(409)
  const text = await response.text()
  expect(text).toContain('There is a stream harbour already.')
  expect(text).toContain('value="Another"')
})

test('a key is shown once, with what an encoder needs', async () => {
  const text = await (await post('/console/streams/harbour/keys', {})).text()
  expect(text).toContain('harbour?key=the-secret')
  expect(text).toContain('rtmp://[2001:4dd0::7]:1936/stream')
  expect(await page('/console/streams/harbour')).not.toContain('the-secret')
})

test('a key is revoked only when its name is typed, and only once', async () => {
  const path = '/console/streams/harbour/keys/3fa2c1d0'
  expect((await post(`${path}/revoke`, { id: 'no' })).status).toBe(400)
  expect((await post(`${path}/revoke`, { id: '3fa2c1d0' })).headers.get('location')).toBe(
    '/console/streams/harbour',
  )
  expect(done).toEqual([['revoke key', 'harbour', '3fa2c1d0']])
  keys = [{ id: '3fa2c1d0', createdAt: ago(600), revokedAt: now }]
  expect((await get(path)).status).toBe(404)
})

test.each([
  '/console/nodes/nobody',
  '/console/streams/nothing',
  '/console/streams/harbour/keys/nokey',
  '/console/events/nodes/nobody',
])('what does not exist is said not to (%s)', async (path) => {
  const response = await get(path)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('There is no')
  expect(await (await get(path, { accept: 'application/json' })).json()).toMatchObject({
    code: expect.any(String),
  })
})

test.each(['/console/zzz', '/console/streams/harbour/zzz'])(
  'an address of nothing is a page for operators, and a code for programs (%s)',
  async (path) => {
    const response = await get(path)
    expect([response.status, response.headers.get('content-security-policy')]).toEqual([
      404,
      expect.any(String),
    ])
    expect(await response.text()).toContain('There is nothing here.')
    expect(await (await get(path, { accept: '*/*' })).json()).toEqual({ code: 'not-found' })
  },
)

test('a bug is reported and shown without detail', async () => {
  broken = new TypeError('secret detail')
  const response = await get('/console')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret detail')
  expect(reported).toEqual([broken])
})

test('a torn form is the sender’s mistake, not a bug', async () => {
  const response = await app.request('/console/login', {
    method: 'POST',
    headers: {
      'content-type': 'multipart/form-data; boundary=x',
      origin: 'http://localhost',
      host: 'localhost',
    },
    body: '--x\r\nbroken',
  })
  expect(response.status).toBe(400)
  expect(reported).toEqual([])
})
