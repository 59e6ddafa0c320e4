import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fleet, startFleet } from './start-test-fleet.ts'

let fleet: Fleet
let before: unknown

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  before = await written()
})
afterAll(async () => {
  await fleet?.remove()
})

const long = 'k'.repeat(10_000)
const names = [
  ['a path', '..%2f..%2fetc%2fpasswd'],
  ['a bare path', '../../etc/passwd'],
  ['a hidden name', '.git'],
  ['SQL', `a'%20OR%20'1'='1`],
  ['a zero byte', 'a%00b'],
  ['bad UTF-8', '%ff%fe'],
  ['a broken escape', '%zz'],
  ['a line end', 'a%0d%0aX-Injected:%201'],
  ['a space', 'a%20b'],
  ['letters of another alphabet', '%D1%8F'],
  ['nothing but length', long],
] as const

const readers = (name: string) => [
  `http://127.0.0.1:9090/streams/${name}`,
  `http://127.0.0.1:9090/streams/${name}?session=${name}`,
  `http://127.0.0.1:9090/play/${name}`,
  `http://127.0.0.1:9090/go/${name}`,
  `http://127.0.0.1:9090/v1/why/${name}`,
  `http://127.0.0.1:9090/watch/${name}`,
  `http://127.0.0.1:9090/events/watch/${name}`,
  `http://127.0.0.1:9090/authorize?name=${name}&key=${name}`,
  `http://127.0.0.1:9090/v1/time?nonce=${name}`,
  `http://127.0.0.1:8083/streams/${name}/index.m3u8`,
  `http://127.0.0.1:8083/streams/${name}`,
  `http://127.0.0.1:8083/probe?nonce=${name}&address=127.0.0.1`,
  `http://127.0.0.1:8083/probe?nonce=aaaaaaaaaaaaaaaaaaaa&address=${name}`,
  `http://127.0.0.1:8084/${name}/index.m3u8`,
  `http://127.0.0.1:8080/${name}/index.m3u8`,
  `http://127.0.0.1:8080/${name}/saaaaaaaaaaaa/v360.m3u8`,
]

test.each(names)('a name that is %s is refused wherever a name is read', async (_, name) => {
  for (const url of readers(name)) {
    const { status } = await ask('GET', url)
    expect(status, url.slice(0, 120)).toBeGreaterThanOrEqual(400)
    expect(status, url.slice(0, 120)).toBeLessThan(500)
  }
})

const writers = [
  ...[
    '/v1/enrol',
    '/v1/heartbeat',
    '/v1/authorize',
    '/streams',
    '/authorize',
    '/console/login',
    '/console/logout',
    '/console/claims',
  ].map((path) => `http://127.0.0.1:9090${path}`),
  ...['/streams', '/streams/golive/heartbeat'].map((path) => `http://127.0.0.1:8083${path}`),
]
const bodies: [string, string, string | Buffer][] = [
  ['nothing', 'application/json', ''],
  ['no JSON', 'application/json', '{"a":'],
  ['JSON of a wrong type', 'application/json', '[[[1]]]'],
  [
    'wrong types in every field',
    'application/json',
    JSON.stringify({ name: {}, secret: 7, publicKey: [], release: null, streams: 1 }),
  ],
  ['bad UTF-8', 'application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['a form where JSON belongs', 'application/x-www-form-urlencoded', 'a=%ff&b=%zz'],
  ['a form with a 10,000-character key', 'application/x-www-form-urlencoded', `name=golive&key=${long}`],
  ['a torn multipart form', 'multipart/form-data; boundary=x', '--x\r\nContent-Disp'],
  ['another content type', 'text/plain', 'hello'],
]

test.each(bodies)('%s is refused by every endpoint that writes', async (_, type, body) => {
  for (const url of writers) {
    const { status } = await ask('POST', url, type, body)
    expect(status, url).toBeGreaterThanOrEqual(400)
    expect(status, url).toBeLessThan(500)
  }
})

test('five megabytes are refused by their length, before they have come', async () => {
  for (const url of writers) {
    const { status } = await ask('POST', url, 'application/json', '{"secret":"', 5_000_000)
    expect(status, url).toBe(413)
  }
})

test('a refusal carries a code from the closed list', async () => {
  for (const path of ['/streams/nowhere', '/authorize?name=nowhere', '/v1/time']) {
    const { body } = await ask('GET', `http://127.0.0.1:9090${path}`)
    expect(JSON.parse(body)).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/) })
  }
})

test('nothing of it was written, and nothing broke', async () => {
  expect(await written()).toEqual(before)
  for (const unit of ['control-plane', 'node-1-media', 'node-1-agent'])
    expect(fleet.log(unit)).not.toMatch(/"event":"a request failed"/)
})

/** All that a request could have left behind. */
async function written() {
  const { nodes } = await fleet.operate('node', 'list')
  return {
    streams: await fleet.operate('stream', 'list'),
    claims: await fleet.operate('claim', 'list'),
    nodes: nodes.map(({ id }: { id: string }) => id),
    onTheNode: JSON.parse((await ask('GET', 'http://127.0.0.1:8083/streams')).body),
  }
}

/** Plain node:http, because fetch tidies a URL before it sends it. Of what is longer than the body only the beginning is sent. */
function ask(method: string, url: string, type = '', body: string | Buffer = '', length?: number) {
  const at = url.indexOf('/', 'http://'.length)
  const [host = '', port = ''] = url.slice('http://'.length, at).split(':')
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asking = request(
      {
        host,
        port,
        path: url.slice(at),
        method,
        headers: type ? { 'content-type': type, 'content-length': length ?? Buffer.byteLength(body) } : {},
      },
      (response) => {
        let text = ''
        response.on('data', (data) => {
          text += data
        })
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: text })
          if (length) asking.destroy()
        })
        response.on('error', () => resolve({ status: response.statusCode ?? 0, body: text }))
      },
    )
    asking.on('error', reject)
    if (length) asking.write(body)
    else asking.end(body)
  })
}
