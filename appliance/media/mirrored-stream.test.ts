import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import { startTestMirror } from './start-test-mirror.ts'

/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const TEST_MS = 120_000
const WATCHED_PARTS = 20
const TRACKS = ['v180', 'audio']
let origin: Awaited<ReturnType<typeof startTestMirror>>
let mirror: Awaited<ReturnType<typeof startTestMirror>>
let session = ''

beforeAll(async () => {
  ;[origin, mirror] = await Promise.all([startTestMirror('127.0.0.1'), startTestMirror('127.0.0.2')])
  for (const node of [origin, mirror])
    await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
  origin.publish('cam?key=secret')
  await vi.waitFor(async () => expect(await origin.stream('cam')).toMatchObject({ state: 'live' }), WITHIN)
  session = (await origin.stream('cam')).record?.session ?? ''
  mirror.agent.orders({ stream: 'cam', session, from: origin.endpoint })
}, TEST_MS)
afterAll(async () => {
  await Promise.all([origin.stop(), mirror.stop()])
}, TEST_MS)

/** One story: each test goes on where the last one ended. */
const step = (name: string, story: () => Promise<void>) =>
  test(
    name,
    async () => {
      onTestFailed(() => console.error([...origin.log, 'MIRROR', ...mirror.log].join('\n')))
      await story()
    },
    TEST_MS,
  )

step('a copied stream is reported and shown as what it is', async () => {
  await vi.waitFor(async () => expect(await mirror.stream('cam')).toMatchObject({ state: 'live' }), WITHIN)
  expect(await mirror.stream('cam')).toMatchObject({
    role: 'mirror',
    started_by: 'control-plane',
    copy: { from: origin.endpoint },
    record: (await origin.stream('cam')).record,
    renditions: [{ id: 'v180', width: 320, height: 180 }],
    problems: [],
  })
  await vi.waitFor(
    () =>
      expect(mirror.agent.reported('cam')).toMatchObject({
        state: 'live',
        role: 'mirror',
        record: { session },
        renditions: [{ id: 'v180' }],
        audio: { id: 'audio', codecs: 'mp4a.40.2', channels: 2 },
      }),
    WITHIN,
  )
})

step(
  'its playlists are the same, byte for byte, less than a part later, and so is all that they list',
  async () => {
    const seen = await Promise.all(TRACKS.map(watchBoth))
    const delays = seen.flatMap(({ delays }) => delays).toSorted((a, b) => a - b)
    expect(delays.length).toBeGreaterThan(WATCHED_PARTS)
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(333)
    const uris = [...new Set(seen.flatMap((each) => each.uris))]
    const compared = await Promise.all(uris.map(compare))
    expect(compared.filter((each) => !['the same', 'gone meanwhile'].includes(each))).toEqual([])
    expect(compared.filter((each) => each === 'the same').length).toBeGreaterThan(WATCHED_PARTS)
  },
)

step('what new viewers open is the same', async () => {
  for (const file of ['index.m3u8', 'manifest.mpd', 'thumbnail.jpg', `${session}/record.json`])
    await vi.waitFor(async () => {
      const [there, here] = await Promise.all([origin.get(`/cam/${file}`), mirror.get(`/cam/${file}`)])
      expect([here.status, here.body.equals(there.body)]).toEqual([200, true])
    }, WITHIN)
})

step('a copy counts as a live stream that takes no encoder', async () => {
  const { body } = await mirror.ask('GET', '/metrics')
  for (const line of [/^streaming_active_streams 1$/m, /^streaming_ffmpeg_processes 0$/m])
    expect(body).toMatch(line)
  expect(Number(/^streaming_copied_parts_total{stream="cam"} (\d+)$/m.exec(body)?.[1])).toBeGreaterThan(20)
  expect(Number(/^streaming_copied_bytes_total{stream="cam"} (\d+)$/m.exec(body)?.[1])).toBeGreaterThan(
    50_000,
  )
  expect((await origin.stream('cam')).viewers, 'the mirror is no viewer').toBe(1)
  expect(origin.agent.load()?.bitsPerSecond).toBeGreaterThan(1000)
})

step('nobody ends a copy here: it ends with its order', async () => {
  const { status, body } = await mirror.ask('DELETE', '/streams/cam')
  expect([status, body]).toEqual([409, expect.stringMatching(/control plane ordered it: it ends there/)])
})

step('a copy that is ordered no more is not found any more, and is reported as ended', async () => {
  mirror.agent.orders()
  await vi.waitFor(() => expect(mirror.agent.reported('cam')).toMatchObject({ state: 'ended' }), WITHIN)
  expect((await mirror.get('/cam/index.m3u8')).status).toBe(404)
  expect((await mirror.get(`/cam/${session}/v180.m3u8`)).status).toBe(200)
  expect((await origin.stream('cam')).state).toBe('live')
})

/** What lists it at the origin may have gone on, and its time be over. */
async function compare(uri: string): Promise<string> {
  const [there, here] = await Promise.all([origin, mirror].map((node) => node.get(`/cam/${session}/${uri}`)))
  if (there?.status === 404) return 'gone meanwhile'
  return here?.body.equals(there?.body ?? Buffer.alloc(0)) ? 'the same' : uri
}

/** Waits at both nodes for what comes next, and says how much later each playlist was at the mirror. */
async function watchBoth(track: string) {
  const path = `/cam/${session}/${track}.m3u8`
  const [there, here] = await Promise.all([origin, mirror].map((node) => texts(node, path)))
  const delays = [...(here ?? [])].flatMap(([text, at]) => {
    const before = there?.get(text)
    return before === undefined ? [] : at - before
  })
  const strange = [...(here ?? new Map<string, number>()).keys()]
    .slice(1, -1)
    .filter((text) => !there?.has(text))
  expect(strange, `${track} has playlists that its origin never had`).toEqual([])
  const uris = [...(here ?? new Map<string, number>()).keys()].flatMap((text) =>
    [...text.matchAll(/^(?:#EXT-X-(?:PART|MAP):.*URI="([^"]+)".*|([^#\n].*))$/gm)].map(
      ([, part, whole]) => part ?? whole ?? '',
    ),
  )
  return { delays, uris }
}

async function texts(node: typeof origin, path: string) {
  const seen = new Map<string, number>()
  let next = ''
  while (seen.size < WATCHED_PARTS) {
    const { status, body, at } = await node.get(`${path}${next}`)
    expect(status).toBe(200)
    const text = body.toString()
    if (!seen.has(text)) seen.set(text, at)
    const [, run = '', number = '', part = ''] =
      /HINT:TYPE=PART,URI="[a-z0-9]+\/(\d+)-(\d+)\.(\d+)/.exec(text) ?? []
    next = run && `?_HLS_msn=${number}&_HLS_part=${part}`
  }
  return seen
}
