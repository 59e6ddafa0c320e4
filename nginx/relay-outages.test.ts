import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sleep } from '../shared/runtime/repeat.ts'
import { host, session, startTestRelay, type TestRelay } from './start-test-relay.ts'

let relay: TestRelay
beforeAll(async () => {
  relay = await startTestRelay()
})
beforeEach(() => relay.forget())
afterAll(() => relay.stop())

test('while the control plane is away its last word holds, also for new viewers', async () => {
  relay.origins.set('/streams/kept', host(relay.east))
  relay.origins.set('/streams/broken', host(relay.east))
  await relay.ask('/kept/index.m3u8')
  await relay.ask('/broken/index.m3u8')
  relay.origins.set('/streams/broken', 'broken')
  // Until the lookup was made a second time: the one after that can only be answered by a stale one.
  await expect
    .poll(
      async () => {
        await relay.ask('/kept/index.m3u8')
        return relay.asked.filter((line) => line.endsWith('/streams/kept')).length
      },
      { timeout: 5000 },
    )
    .toBe(2)
  await relay.controlPlane.leaves()
  try {
    await expectThrough('/kept/index.m3u8', 'east /kept/index.m3u8')
    // Nobody ever relay.asked for this session: the node that has the stream is the best guess.
    const segment = `/kept/${session('c')}/v480/1-7.m4s`
    await expectThrough(segment, `east ${segment}`)
    expect((await relay.ask('/unheard-of/index.m3u8')).status).toBe(503)
  } finally {
    await relay.controlPlane.returns()
  }
  await expectThrough('/broken/index.m3u8', 'east /broken/index.m3u8')

  async function expectThrough(path: string, expected: string) {
    const { status, text } = await relay.ask(path)
    expect([status, text]).toEqual([200, expected])
  }
}, 15_000)

test('while the control plane hangs, who watches waits for it now and then, and not for long', async () => {
  relay.origins.set('/streams/hung', host(relay.east))
  relay.origins.set(`/streams/hung?session=${session('e')}`, host(relay.west))
  await relay.answered('/hung/index.m3u8')
  await relay.answered(`/hung/${session('e')}/v480.m3u8`)
  relay.controlPlane.hangs = true
  try {
    const watched = await watch(session('e'), 6000)
    expect(watched.nodes).toEqual(new Set(['west']))
    expect(watched.quickAfterOneThatWaited).toBeGreaterThan(2)
    // Nobody watched this session through here before: the stream's last known node is good enough.
    expect((await watch(session('f'), 1000)).nodes).toEqual(new Set(['east']))
  } finally {
    relay.controlPlane.hangs = false
  }

  /** Fetches one new segment after the other. */
  async function watch(of: string, forMs: number) {
    const until = Date.now() + forMs
    const nodes = new Set<string>()
    let waited = false
    let quickAfterOneThatWaited = 0
    while (Date.now() < until) {
      const askedAt = Date.now()
      const { text } = await relay.ask(`/hung/${of}/v480/1-${askedAt}.m4s`)
      nodes.add(text.split(' ')[0] ?? '')
      if (Date.now() - askedAt > 1500) waited = true
      else if (waited) quickAfterOneThatWaited++
      await sleep(100)
    }
    return { nodes, quickAfterOneThatWaited }
  }
}, 30_000)

test('while a node is away its last playlist is served to who is watching', async () => {
  relay.origins.set(`/streams/dying?session=${session('d')}`, host(relay.west))
  const path = `/dying/${session('d')}/v480.m3u8`
  await relay.answered(path)
  await relay.west.stop()
  const { status, text } = await relay.ask(path)
  expect([status, text]).toEqual([200, `west ${path}`])
  const fresh = await relay.ask(`/dying/${session('d')}/v480/1-9.m4s`)
  expect([fresh.status, JSON.parse(fresh.text).code]).toEqual([503, 'unavailable'])
})
