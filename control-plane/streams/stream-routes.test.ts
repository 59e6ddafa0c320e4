import { beforeEach, expect, test } from 'vitest'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'
import { streamViewRepository } from './stream-view-repository.ts'

const { url, db, rooms, enrolledNode } = await startTestControlPlane()

let name: string
let node: TestNode
let counter = 0
beforeEach(async () => {
  counter += 1
  name = `stream-${counter}`
  await rooms.streamCatalog.addStream({ name, open: true })
  node = await livingNode('127.0.0.1')
})

async function livingNode(claimed: string) {
  const living = await enrolledNode()
  await living.beat({ claimed })
  await rooms.reachability.recordProven({ nodeId: living.id, address: claimed })
  return living
}

const SESSION = 's00000000000a'
const report = (changes: object = {}, session = SESSION) => ({
  name,
  state: 'live',
  renditions: [
    { id: 'v360', codecs: 'avc1.42c01e', bandwidth: 800_000, averageBandwidth: 700_000, height: 360 },
    { id: 'v720', codecs: 'avc1.42c01f', bandwidth: 2_000_000, averageBandwidth: 1_800_000, height: 720 },
  ],
  record: {
    session,
    startedAt: '1970-01-01T00:00:05Z', // the node’s clock, which is nobody’s business here
    run: 1,
    origin: '1970-01-01T00:00:00Z',
    phase: 0.5,
    segmentSeconds: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
    ladder: ['v720', 'v360'],
  },
  ...changes,
})

const where = (query = '') => fetch(`${url}/streams/${name}${query}`)

async function codeOf(response: Response) {
  return [response.status, (await response.json()).code]
}

test('a live stream is where its node was found, for people and for nginx', async () => {
  expect((await node.post('/streams', report())).status).toBe(200)
  const response = await where()
  expect(await response.json()).toEqual({ name, manifest: 'index.m3u8', host: '127.0.0.1:8084' })
  expect(response.headers.get('x-origin')).toBe('127.0.0.1:8084')
})

test('players on any page may ask, and nobody keeps what they were told', async () => {
  await node.post('/streams', report())
  const [here, unknown] = [await where(), await fetch(`${url}/streams/nowhere`)]
  expect([here.status, unknown.status]).toEqual([200, 404])
  for (const { headers } of [here, unknown]) {
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
  const asked = await fetch(`${url}/streams/${name}`, {
    method: 'OPTIONS',
    headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' },
  })
  expect(asked.status).toBe(204)
  expect(asked.headers.get('access-control-allow-methods')).toBe('GET,HEAD,OPTIONS')
})

test('who watches is told with the stream, and nonsense counts as nothing', async () => {
  const viewers = async () => (await streamViewRepository(db).find(name))?.viewers
  await node.post('/streams', report({ viewers: 7 }))
  expect(await viewers()).toBe(7)
  await node.post('/streams', report({ viewers: -1 }))
  expect(await viewers()).toBeUndefined()
})

test('an IPv6 host stands in brackets', async () => {
  const six = await livingNode('2a01:4f8::7')
  await six.post('/streams', report())
  expect((await where()).headers.get('x-origin')).toBe('[2a01:4f8::7]:8084')
})

test('nobody is sent to a port of a node that is not for viewers', async () => {
  await node.post('/streams', report())
  await node.beat({ ports: { playback: 8083, cdn: 9090, rtmp: 1935 } })
  expect(await codeOf(await where())).toEqual([404, 'not-live'])
  expect(await codeOf(await where(`?session=${SESSION}`))).toEqual([404, 'not-live'])
  const chosen = streamViewRepository(db, { cdnPorts: [9090] })
  expect(await chosen.find(name)).toMatchObject({ host: '127.0.0.1:9090' })
})

test('a stream that nobody made is unknown, one that nobody publishes is not live', async () => {
  expect(await codeOf(await where())).toEqual([404, 'not-live'])
  expect(await codeOf(await fetch(`${url}/streams/nowhere`))).toEqual([404, 'unknown-stream'])
})

test('a stream on a node that no probe has found is not live for viewers', async () => {
  const unproven = await enrolledNode()
  await unproven.beat()
  await unproven.post('/streams', report())
  expect(await codeOf(await where())).toEqual([404, 'not-live'])
})

test.each(['waiting', 'ended'])(
  'a stream that is %s takes no new viewer, and keeps those it has',
  async (state) => {
    await node.post('/streams', report())
    await node.post('/streams', report({ state }))
    expect(await codeOf(await where())).toEqual([404, 'not-live'])
    expect((await where(`?session=${SESSION}`)).headers.get('x-origin')).toBe('127.0.0.1:8084')
  },
)

test('whoever watches a session stays with its node, wherever the stream goes on', async () => {
  const second = await livingNode('127.0.0.2')
  await node.post('/streams', report())
  await second.post('/streams', report({}, 's00000000000b'))
  expect((await where(`?session=${SESSION}`)).headers.get('x-origin')).toBe('127.0.0.1:8084')
  expect((await where('?session=s00000000000b')).headers.get('x-origin')).toBe('127.0.0.2:8084')
  await node.post('/streams', report({ state: 'waiting' }))
  expect((await where()).headers.get('x-origin')).toBe('127.0.0.2:8084')
  expect(await codeOf(await where('?session=s00000000000c'))).toEqual([404, 'not-live'])
})

test('a node takes from another neither a live stream nor the viewers of its session', async () => {
  const hostile = await livingNode('127.0.0.2')
  await node.post('/streams', report())
  await hostile.post('/streams', report({}, 's00000000000b'))
  await hostile.post('/streams', report())
  expect((await where()).headers.get('x-origin')).toBe('127.0.0.1:8084')
  expect((await where(`?session=${SESSION}`)).headers.get('x-origin')).toBe('127.0.0.1:8084')
})

test.each(['ended', 'waiting', 'live'])(
  'a node that was first to call a session %s takes nothing from it, least of all when it is revoked',
  async (state) => {
    const hostile = await livingNode('127.0.0.2')
    await hostile.post('/streams', report({ state }))
    if (state === 'live') await hostile.post('/streams', report({ state: 'ended' }))
    await node.post('/streams', report())
    const places = async () =>
      [await where(), await where(`?session=${SESSION}`)].map(({ headers }) => headers.get('x-origin'))
    expect(await places()).toEqual(['127.0.0.1:8084', '127.0.0.1:8084'])
    await hostile.post('/streams', report())
    expect(await places()).toEqual(['127.0.0.1:8084', '127.0.0.1:8084'])
    await rooms.fleetRegister.revokeNode(hostile.id)
    await node.post('/streams', report({ state: 'waiting' }))
    expect((await where(`?session=${SESSION}`)).headers.get('x-origin')).toBe('127.0.0.1:8084')
    expect((await rooms.streamViews.find(name))?.node?.id).toBe(node.id)
  },
)

test('who fell silent and comes back begins to be live anew', async () => {
  await node.post('/streams', report())
  const past = new Date(Date.now() - 60_000)
  await db
    .updateTable('stream_report')
    .set({ since: past, state_since: past, lives_until: past })
    .where('stream_name', '=', name)
    .execute()
  await node.post('/streams', report())
  const view = await rooms.streamViews.find(name)
  expect(view).toMatchObject({ state: 'live', since: past })
  expect(Date.now() - (view?.stateSince?.getTime() ?? 0)).toBeLessThan(5000)
})

test('a report is believed for its time to live', async () => {
  await node.post('/streams', report())
  const at = Date.now()
  const viewedAfter = (ms: number) => streamViewRepository(db, { now: () => new Date(at + ms) }).find(name)
  expect((await viewedAfter(6000))?.state).toBe('live')
  expect((await viewedAfter(8000))?.state).toBe('lost')
})

test('a report says how long it lives and when the next is due', async () => {
  const response = await node.post('/streams', report())
  expect([response.status, await response.json()]).toEqual([200, { nextSeconds: 2, livesSeconds: 7 }])
})

test('of a node that names ever new sessions of a stream, only the newest are kept', async () => {
  const other = await livingNode('127.0.0.2')
  await other.post('/streams', report())
  for (let i = 10; i < 30; i++) await node.post('/streams', report({}, `s0000000000${i}`))
  const rows = await db.selectFrom('stream_report').selectAll().where('stream_name', '=', name).execute()
  const kept = (id: string) => rows.filter(({ node_id }) => node_id === id).map(({ session }) => session)
  expect(kept(other.id)).toEqual([SESSION])
  expect(kept(node.id)).toHaveLength(8)
  expect(kept(node.id)).toContain('s000000000029')
})

test('the end of an older session, told after the new one has begun, takes nothing from it', async () => {
  await node.post('/streams', report())
  await node.post('/streams', report({}, 's00000000000b'))
  await node.post('/streams', report({ state: 'ended' }))
  expect(await rooms.streamViews.find(name)).toMatchObject({ state: 'live', session: 's00000000000b' })
  expect((await rooms.nodeViews.list()).find(({ id }) => id === node.id)?.streams).toEqual([name])
})

test('viewers of an older session are led to its end while the node has begun a new one', async () => {
  await node.post('/streams', report())
  await node.post('/streams', report({}, 's00000000000b'))
  expect((await where(`?session=${SESSION}`)).status).toBe(200)
  await node.post('/streams', report({ state: 'ended' }))
  expect((await where(`?session=${SESSION}`)).headers.get('x-origin')).toBe('127.0.0.1:8084')
  expect((await where()).status).toBe(200)
})

test('a session that was never heard to end does not outlast the end of the next', async () => {
  await node.post('/streams', report())
  await node.post('/streams', report({}, 's00000000000b'))
  await node.post('/streams', report({ state: 'ended' }, 's00000000000b'))
  const later = new Date(Date.now() + 60_000)
  expect(await streamViewRepository(db, { now: () => later }).find(name)).toMatchObject({
    state: 'ended',
    session: 's00000000000b',
  })
})

test('a report that comes late does not undo a newer one', async () => {
  await node.post('/streams', report({ state: 'ended' }), { number: 50 })
  expect((await node.post('/streams', report(), { number: 49 })).status).toBe(200)
  expect((await rooms.streamViews.find(name))?.state).toBe('ended')
})

test('the session and its state each have a beginning, by our own clock', async () => {
  const times = async () => {
    const { since, stateSince } = (await rooms.streamViews.find(name)) ?? {}
    return [since?.getTime() ?? 0, stateSince?.getTime() ?? 0] as const
  }
  await node.post('/streams', report())
  const [begun, live] = await times()
  expect(Date.now() - begun).toBeLessThan(5000)
  expect(live).toBe(begun)
  await node.post('/streams', report())
  expect(await times()).toEqual([begun, live])

  let before = live
  for (const state of ['waiting', 'live', 'ended']) {
    await node.post('/streams', report({ state }))
    const [since, stateSince] = await times()
    expect(since).toBe(begun)
    expect(stateSince).toBeGreaterThan(before)
    await node.post('/streams', report({ state }))
    expect(await times()).toEqual([begun, stateSince])
    before = stateSince
  }
})

test('people are shown the best picture, the node and the session', async () => {
  await node.post('/streams', report())
  expect((await rooms.streamViews.list()).find((stream) => stream.name === name)).toMatchObject({
    state: 'live',
    open: true,
    height: 720,
    session: SESSION,
    host: '127.0.0.1:8084',
    manifest: 'index.m3u8',
    node: { id: node.id, name: 'box' },
  })
  expect((await rooms.nodeViews.list()).find(({ id }) => id === node.id)?.streams).toEqual([name])
})

test('what a revoked node has said is over at once, also for those who watch', async () => {
  await node.post('/streams', report())
  await rooms.fleetRegister.revokeNode(node.id)
  expect(await codeOf(await where())).toEqual([404, 'not-live'])
  expect(await codeOf(await where(`?session=${SESSION}`))).toEqual([404, 'not-live'])
  expect(await codeOf(await node.post('/streams', report()))).toEqual([403, 'node-revoked'])
})

test('a node cannot report a stream that nobody made', async () => {
  expect(await codeOf(await node.post('/streams', report({ name: 'invented' })))).toEqual([
    404,
    'unknown-stream',
  ])
})

test('names that differ in case are different streams', async () => {
  await rooms.streamCatalog.addStream({ name: name.toUpperCase(), open: true })
  await node.post('/streams', report({ name: name.toUpperCase() }))
  expect(await codeOf(await where())).toEqual([404, 'not-live'])
})
