import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { afterAll, expect, test } from 'vitest'
import { StreamOrder } from './pulls/stream-order.ts'
import { startTestApi } from './start-test-api.ts'

/** Printed with each failure: with it, a failure comes again. */
const SEED = Number(process.env.SEED ?? 20_261_120)
const CASES = 1500

const { app, lines, stop } = startTestApi()
afterAll(stop)

const valid = {
  stream_id: 'cam',
  source_url: 'rtsp://camera.example/live',
  qualities: ['720p'],
  low_latency: true,
}
const fields = ['stream_id', 'source_url', 'qualities', 'enable_hls', 'enable_dash', 'low_latency'] as const

test('an order with any one field spoiled is refused, and the field is named', async () => {
  const random = randomFrom(SEED)
  for (let at = 0; at < CASES; at++) {
    const field = pick(random, fields)
    const order = { ...valid, [field]: anything(random, 2) }
    if (StreamOrder.safeParse(order).success && field !== 'source_url') continue
    const answer = await send('/streams', JSON.stringify(order))
    const what = `seed ${SEED}, case ${at}: ${JSON.stringify(order)}`
    if (answer.status < 300) expect(StreamOrder.safeParse(order).success, what).toBe(true)
    else
      expect([answer.status, refusalIn(answer.text)?.message], what).toEqual([
        400,
        expect.stringContaining(field),
      ])
    await app.request('/streams/cam', { method: 'DELETE' })
  }
  expectNoBug()
})

test('a field that no order has is refused by its name, whatever it is called', async () => {
  for (const [name, said] of [
    ['enable_dsh', 'enable_dsh'],
    ['\u001b[2J', '\\u001b[2J'],
    ['x'.repeat(9000), `${'x'.repeat(50)} is`],
  ] as const) {
    const answer = await send('/streams', JSON.stringify({ ...valid, [name]: true }))
    expect([answer.status, refusalIn(answer.text)?.message]).toEqual([
      400,
      expect.stringMatching(/is no field of an order: these are stream_id, .*low_latency\.$/),
    ])
    expect(refusalIn(answer.text)?.message).toContain(said)
  }
})

test('whatever is sent wherever, the answer is a code and never a bug', async () => {
  const random = randomFrom(SEED + 1)
  const paths = [...new Set(app.routes.map(({ path }) => path).filter((path) => path !== '/*'))]
  for (let at = 0; at < CASES; at++) {
    const path = pick(random, paths).replaceAll(/:\w+|\*/g, () => encodeURIComponent(word(random)) || '-')
    const method = pick(random, ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'])
    const body = ['GET', 'HEAD'].includes(method) ? undefined : bodyOf(random)
    const query =
      random() < 0.3
        ? `?_HLS_msn=${encodeURIComponent(word(random))}&${encodeURIComponent(word(random))}`
        : ''
    const type = pick(random, TYPES)
    const response = await app.request(`${path}${query}`, {
      method,
      headers: type ? { 'content-type': type } : {},
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    const what = `seed ${SEED}, case ${at}: ${method} ${path}${query} ${type} ${body} → ${response.status} ${text}`
    expect(response.status, what).toBeLessThan(500)
    if (response.status >= 400 && method !== 'HEAD') expect(refusalIn(text), what).toBeDefined()
  }
  expectNoBug()
})

test('a page in a browser of this machine changes nothing', async () => {
  const headers = { origin: 'http://evil.example', 'content-type': 'application/json' }
  for (const [method, path] of [
    ['POST', '/streams'],
    ['DELETE', '/streams/cam'],
    ['POST', '/streams/cam/heartbeat'],
    ['POST', '/measure'],
  ] as const) {
    const response = await app.request(path, {
      method,
      headers,
      ...(method === 'POST' && { body: JSON.stringify(valid) }),
    })
    expect([response.status, refusalIn(await response.text())?.code]).toEqual([403, 'foreign-request'])
  }
})

async function send(path: string, body: string) {
  const headers = { 'content-type': 'application/json' }
  const response = await app.request(path, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
}

function refusalIn(text: string): ProblemBody | undefined {
  try {
    return ProblemBody.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function expectNoBug() {
  expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
}

type Random = () => number

/** mulberry32 */
function randomFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}

const WORDS = [
  ...[
    '',
    '-',
    '..',
    '../../etc/passwd',
    '.git',
    'cam',
    'a'.repeat(65),
    'k'.repeat(10_000),
    '\u0000',
    'я',
    'a b',
  ],
  ...[
    "a' OR '1'='1",
    '$(reboot)',
    '`id`',
    'a\r\nX: 1',
    '%00',
    '%ff',
    '__proto__',
    'constructor',
    '\ud800',
    '💥',
  ],
  ...[
    '0',
    '-1',
    '1e999',
    'NaN',
    '720p',
    '1080P',
    'true',
    'null',
    's000000000000',
    'v720.m3u8',
    '1-1.m4s',
    '1-1.2.m4s',
  ],
  ...[
    'file:///etc/passwd',
    'concat:a|b',
    'http://127.0.0.1/',
    'rtmp://localhost/x',
    '-i',
    'pipe:0',
    'rtsp://',
    'srt://a',
  ],
  ...['http://a:99999/', 'http://[::1', 'rtsp://u:p@/x', 'http://\u202e/', 'data:,x', 'subfile,,:x', 'tee:a'],
]
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  '',
]

function word(random: Random): string {
  const one = pick(random, WORDS)
  return (random() < 0.2 ? one + pick(random, WORDS) : one).toWellFormed()
}

function anything(random: Random, depth: number): unknown {
  const kinds = depth > 0 ? 9 : 7
  switch (Math.floor(random() * kinds)) {
    case 0:
      return null
    case 1:
      return random() < 0.5
    case 2:
      return pick(random, [0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER])
    case 7:
      return Array.from({ length: Math.floor(random() * 8) }, () => anything(random, depth - 1))
    case 8:
      return Object.fromEntries([word(random), word(random)].map((key) => [key, anything(random, depth - 1)]))
    default:
      return word(random)
  }
}

function bodyOf(random: Random): string {
  const json = JSON.stringify(
    random() < 0.5 ? anything(random, 3) : { ...valid, [word(random)]: anything(random, 2) },
  )
  const form = new URLSearchParams([
    ['name', word(random)],
    ['clientid', word(random)],
    ['key', word(random)],
  ])
  return pick(random, [
    json,
    json.slice(0, Math.floor(random() * json.length)),
    form.toString(),
    '['.repeat(20_000),
    '--x\r\nContent-Disp',
    'x'.repeat(70_000),
  ])
}
