import { request } from 'node:http'
import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { heartbeat, startTestControlPlane } from '../tests/setup/start-test-control-plane.ts'

const { url, db, rooms, lines, enrolledNode } = await startTestControlPlane()
await rooms.streamCatalog.addStream({ name: 'golive', open: false })
const node = await enrolledNode()

/** All that is stored, but for the numbers a node uses up when it signs nonsense. */
async function everything() {
  const tables = await sql<Record<string, string>>`show tables`.execute(db)
  const names = tables.rows.flatMap((row) => Object.values(row)).filter((name) => name !== 'node')
  const rows = await Promise.all(names.map((name) => sql`select * from ${sql.table(name)}`.execute(db)))
  const nodes = await db.selectFrom('node').select(['id', 'name', 'hardware', 'revoked_at']).execute()
  return JSON.stringify([nodes, ...rows.map((each, i) => [names[i], each.rows])])
}
const before = await everything()
afterEach(async () => {
  expect(await everything()).toBe(before)
  expect(lines.join('')).not.toContain('a request failed')
})

/** Plain node:http, because fetch tidies a URL before it sends it. */
function ask(method: string, path: string, type = '', body: string | Buffer = '', framing?: object) {
  const { hostname: host, port } = new URL(url)
  const headers = type
    ? { 'content-type': type, ...(framing ?? { 'content-length': Buffer.byteLength(body) }) }
    : {}
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asking = request({ host, port, path, method, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response).catch(() => '') })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

function expectRefusal({ status, body }: { status: number; body: string }, what: string) {
  expect(status, what).toBeGreaterThanOrEqual(400)
  expect(status, what).toBeLessThan(500)
  expect(ProblemBody.safeParse(JSON.parse(body)).success, `${what}: ${body}`).toBe(true)
}

const long = 'k'.repeat(10_000)
const words = {
  'a path': '..%2f..%2fetc%2fpasswd',
  'a bare path': '../../etc/passwd',
  'a hidden name': '.git',
  SQL: `a'%20OR%20'1'='1`,
  'a zero byte': 'golive%00',
  'bad UTF-8': '%ff%fe',
  'a broken escape': '%zz',
  'a line end': 'a%0d%0aX-Injected:%201',
  'a space': 'golive%20',
  'letters of another alphabet': '%D1%8F',
  'a lone surrogate': '%ED%A0%80',
  'nothing but length': long,
  'more than a header holds': 'k'.repeat(20_000),
  'a prototype': '__proto__.x',
}

test.each(Object.entries(words))('a word that is %s is refused wherever one is read', async (what, word) => {
  for (const path of [
    `/streams/${word}`,
    `/streams/golive?session=${word}`,
    `/authorize?name=${word}`,
    `/authorize?name=golive&key=${word}`,
    `/authorize?name=golive&app=${long}&key=${word}`,
    `/v1/time?nonce=${word}`,
    `/${word}`,
  ])
    expectRefusal(await ask('GET', path), `${what}: ${path.slice(0, 100)}`)
})

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const bodies: Record<string, [string, string | Buffer]> = {
  nothing: [json, ''],
  'no JSON': [json, '{"a":'],
  'JSON of a wrong shape': [json, '[[[1]]]'],
  null: [json, 'null'],
  'a number': [json, '1e999'],
  'deep nesting': [json, '['.repeat(30_000)],
  'wrong types': [json, JSON.stringify({ name: {}, secret: 7, publicKey: [], release: null, hardware: 1 })],
  'a prototype': [json, '{"__proto__":{"name":"golive"},"constructor":1}'],
  'bad UTF-8': [json, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  'five megabytes': [json, JSON.stringify({ secret: 'x'.repeat(5_000_000) })],
  'a form': [form, 'a=%ff&b=%zz'],
  'a form with SQL': [form, `name=golive'--&key=' OR ''='`],
  'a form with a long key': [form, `name=golive&key=${long}`],
  'a form with a name twice': [form, 'name=golive&name=golive&key=x'],
  'a torn multipart form': ['multipart/form-data; boundary=x', '--x\r\nContent-Disp'],
  'a multipart form without boundary': ['multipart/form-data', 'x'],
  'a file where a word belongs': [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\ngolive\r\n--x--\r\n',
  ],
  'another type': ['text/plain', 'hello'],
  'a type that is none': ['\u00e4;;;', '{}'],
}
const writers = [
  '/v1/enrol',
  '/v1/heartbeat',
  '/v1/other-address',
  '/streams',
  '/authorize',
  '/v1/mqtt/auth/user',
  '/v1/mqtt/auth/topic',
]

test.each(Object.entries(bodies))('%s is refused by every route that writes', async (what, [type, body]) => {
  for (const path of writers) {
    const answer = await ask('POST', path, type, body).catch((error) => {
      // The server hangs up on what is too large while it is still on its way.
      expect(['EPIPE', 'ECONNRESET']).toContain(error.code)
    })
    if (answer) expectRefusal(answer, `${what} to ${path}`)
  }
})

test('a body that does not say its length is cut off where it gets too large', async () => {
  const { status, body } = await ask(
    'POST',
    '/v1/enrol',
    json,
    JSON.stringify({ secret: 'x'.repeat(100_000) }),
    {
      'transfer-encoding': 'chunked',
    },
  )
  expect([status, JSON.parse(body).code]).toEqual([413, 'too-large'])
})

const report = { name: 'golive', state: 'live', renditions: [], record: {} }
test.each<[string, string, object]>([
  ['a heartbeat of nothing', '/v1/heartbeat', {}],
  ['ports that are words', '/v1/heartbeat', heartbeat({ ports: { playback: 'x', cdn: 1, rtmp: 1 } })],
  ['a port beyond all ports', '/v1/heartbeat', heartbeat({ ports: { playback: 65_536, cdn: 1, rtmp: 1 } })],
  ['an address that is a name', '/v1/heartbeat', heartbeat({ claimed: 'localhost' })],
  ['an other address that is a name', '/v1/other-address', { address: 'localhost' }],
  ['an address with a zone', '/v1/heartbeat', heartbeat({ claimed: 'fe80::1%eth0' })],
  ['an address with a port', '/v1/heartbeat', heartbeat({ claimed: '127.0.0.1:80' })],
  ['a release without end', '/v1/heartbeat', heartbeat({ release: long })],
  ['a live stream with a path', '/v1/heartbeat', heartbeat({ live: ['../x'] })],
  ['too many streams', '/v1/heartbeat', heartbeat({ live: Array.from({ length: 1001 }, (_, i) => `s${i}`) })],
  ['a report without record', '/streams', report],
  ['a report of a path', '/streams', { ...report, name: '../x' }],
  ['a manifest elsewhere', '/streams', { ...report, manifest: '../../x.m3u8' }],
  ['a state nobody knows', '/streams', { ...report, state: 'great' }],
  ['more than any request holds', '/streams', { ...report, padding: 'x'.repeat(100_000) }],
])('%s is refused, though it is signed', async (what, path, content) => {
  const response = await node.post(path, content)
  expectRefusal({ status: response.status, body: await response.text() }, what)
})

test.each([
  ['sixcast-node', 'a'.repeat(10_000)],
  ['sixcast-node', "' or 1=1"],
  ['sixcast-epoch', '-1'],
  ['sixcast-epoch', '1.5'],
  ['sixcast-epoch', '99999999999999999999'],
  ['sixcast-number', '0'],
  ['sixcast-number', 'Infinity'],
  ['sixcast-number', 'NaN'],
  ['sixcast-signature', 'A'.repeat(87)],
  ['sixcast-signature', ''],
])('a header %s of %.20s is no signature', async (name, value) => {
  const body = JSON.stringify(heartbeat())
  const response = await node.send('/v1/heartbeat', { ...node.sign({ body }), [name]: value }, body)
  expect([response.status, (await response.json()).code]).toEqual([401, 'not-signed'])
})

test('what is no HTTP at all is told a code too', async () => {
  const { hostname, port } = new URL(url)
  for (const said of [
    'hello\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET /\u0000 HTTP/1.1\r\n\r\n',
  ]) {
    const socket = createConnection(Number(port), hostname)
    socket.end(said)
    const answer = await text(socket)
    expect(answer, said).toMatch(/^HTTP\/1.1 4\d\d /)
  }
})

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])(
  '%s is answered as not found, not as a bug',
  async (method) => {
    for (const path of ['/v1/enrol', '/streams', '/streams/golive', '/authorize'])
      expect((await ask(method, path)).status).toBeLessThan(500)
  },
)
