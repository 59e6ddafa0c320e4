import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serve } from './start-test-nginx.ts'
import { host, session, startTestRelay, type TestRelay } from './start-test-relay.ts'

let relay: TestRelay
beforeAll(async () => {
  relay = await startTestRelay()
})
beforeEach(() => relay.forget())
afterAll(() => relay.stop())

test("a wait is passed on to the node, each viewer's on its own, and kept by nobody", async () => {
  relay.origins.set(`/streams/low?session=${session('g')}`, host(relay.east))
  const path = `/low/${session('g')}/v480.m3u8?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES`
  await relay.answered(path)
  relay.forget()
  const answers = await Promise.all(Array.from({ length: 5 }, () => relay.ask(path)))
  for (const { status, text, headers } of answers) {
    expect([status, text]).toEqual([200, `east ${path}`])
    expect(headers['content-type']).toBe('application/vnd.apple.mpegurl')
  }
  expect(relay.fetched).toEqual(Array(5).fill(`east ${path}`))
})

test.each([
  ['?_HLS_msn=7', '?_HLS_msn=7'],
  ['?_HLS_skip=v2', '?_HLS_skip=v2'],
  ['?_HLS_skip=YES&x=../..&_HLS_msn=7', '?_HLS_msn=7&_HLS_skip=YES'],
  ['?_HLS_part=0&_HLS_msn=7#', '?_HLS_msn=7&_HLS_part=0'],
  ['?x=1', ''],
])('of %j a node is relay.asked %j', async (query, passed) => {
  relay.origins.set(`/streams/args?session=${session('h')}`, host(relay.east))
  const path = `/args/${session('h')}/v480.m3u8`
  await relay.answered(path)
  expect((await relay.ask(`${path}${query}`)).text).toBe(`east ${path}${passed}`)
})

test.each([
  '?_HLS_msn=-1',
  '?_HLS_msn=7x',
  '?_HLS_part=2',
  '?_HLS_msn=7&_HLS_skip=no',
  `?_HLS_msn=${'9'.repeat(16)}`,
])('a wait for %j is refused, and nobody is asked', async (query) => {
  const { status, text } = await relay.ask(`/low/${session('g')}/v480.m3u8${query}`)
  expect([status, JSON.parse(text).code]).toEqual([400, 'bad-request'])
  expect([...relay.asked, ...relay.fetched]).toEqual([])
})

test('who waits at a node that is gone, hangs or is in trouble is given the last playlist, in time', async () => {
  let behaves: 'well' | 'hangs' | 'breaks' | 'refuses' | 'bends' = 'well'
  const north = await serve(0, ({ url = '' }, response) => {
    if (behaves === 'well') response.setHeader('cache-control', 'max-age=1').end(`north ${url}`)
    if (behaves === 'breaks') response.writeHead(500).end('trouble')
    if (behaves === 'bends') response.writeHead(302, { location: 'http://elsewhere/' }).end()
    if (behaves === 'refuses') response.writeHead(400, { 'content-type': 'text/html' }).end('<script>')
  })
  const path = `/held/${session('i')}/v480.m3u8`
  relay.origins.set(`/streams/held?session=${session('i')}`, host(north))
  await relay.answered(path)
  for (behaves of ['hangs', 'breaks', 'bends'] as const) await expectLast(3800)
  behaves = 'refuses'
  const refused = await relay.ask(`${path}?_HLS_msn=99`)
  expect([refused.status, JSON.parse(refused.text).code]).toEqual([400, 'bad-request'])
  await north.stop()
  await expectLast(450) // less than a turn in a line of waiters
  const unseen = `/held/${session('i')}/v720.m3u8?_HLS_msn=7`
  const answers = await together(unseen, 450)
  for (const { status, text } of answers)
    expect([status, JSON.parse(text).code]).toEqual([503, 'unavailable'])

  async function expectLast(withinMs: number) {
    for (const { status, text } of await together(`${path}?_HLS_msn=7`, withinMs))
      expect([status, text]).toEqual([200, `north ${path}`])
  }
  async function together(url: string, withinMs: number) {
    const askedAt = performance.now()
    const answers = await Promise.all(Array.from({ length: 5 }, () => relay.ask(url)))
    expect(performance.now() - askedAt).toBeLessThan(withinMs)
    return answers
  }
}, 20_000)
