import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { arriving, type Standing } from '../reachability/standing.ts'

const { db, rooms, enrolledNode } = await startTestControlPlane()
const briefOf = async (id: string) => (await rooms.nodeBriefs.list()).find((node) => node.id === id)

async function stands(nodeId: string, address: string, state: Standing) {
  const standing = { ...arriving(new Date()), state }
  await rooms.standings.keep({ nodeId, address, standing, failure: undefined, dueAt: new Date() })
}

test('how a node does follows from where it asks to be found, in both families', async () => {
  const node = await enrolledNode()
  expect(await briefOf(node.id)).toMatchObject({ kind: 'arriving', isAlive: false, addresses: [] })
  await node.beat({ claimed: '2001:db8::7' })
  await stands(node.id, '2001:db8::7', 'healthy')
  expect(await briefOf(node.id)).toMatchObject({
    ...{ kind: 'well', isAlive: true, addresses: ['2001:db8::7'], release: '1.0', rtmpPort: 1935 },
    heardAt: expect.any(Date),
  })
  await rooms.otherAddresses.keep({
    epoch: 1,
    number: 1,
    nodeId: node.id,
    address: '198.51.100.7',
    source: '198.51.100.7',
  })
  await stands(node.id, '198.51.100.7', 'unreachable')
  expect(await briefOf(node.id)).toMatchObject({
    kind: 'doubtful',
    addresses: ['2001:db8::7', '198.51.100.7'],
  })
  await node.beat({ claimed: '2001:db8::8' })
  expect((await briefOf(node.id))?.addresses).toEqual(['2001:db8::8', '198.51.100.7'])
  await node.beat({ claimed: '2001:db8::8', leaving: true })
  expect(await briefOf(node.id)).toMatchObject({ kind: 'down', isAlive: false })
  await rooms.fleetRegister.revokeNode(node.id)
  expect(await briefOf(node.id)).toMatchObject({ kind: 'retired', streams: [] })
})

test('its streams, what it sends of what it may, and its duty stand with it', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '2001:db8::9', load: { viewers: 4, bitsPerSecond: 12e6 } })
  await stands(node.id, '2001:db8::9', 'healthy')
  await rooms.limits.setDuty(node.id, 'draining')
  await db.updateTable('node_limit').set({ viewers: 40 }).where('node_id', '=', node.id).execute()
  expect(await briefOf(node.id)).toMatchObject({
    ...{ kind: 'out', duty: 'draining', budget: { viewers: 40 }, streams: [] },
    load: { viewers: 4, bitsPerSecond: 12e6 },
  })
})

test('a live stream of which nothing can be fetched leaves a doubt, one that is over does not', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '2001:db8::a' })
  await stands(node.id, '2001:db8::a', 'healthy')
  const missed = {
    fetched: false,
    since: new Date(),
    checked_at: new Date(),
    bytes: null,
    milliseconds: null,
  }
  const at = { node_id: node.id, family: 6 as const, address: '2001:db8::a' }
  await db
    .insertInto('segment_fact')
    .values({ ...at, ...missed, stream_name: 'quay', cause: null })
    .execute()
  expect(await briefOf(node.id)).toMatchObject({ kind: 'well', streams: [] })
  await rooms.streamCatalog.addStream({ name: 'quay', open: true })
  const record = { session: 's00000000000a', startedAt: '2026-01-01T00:00:00Z', run: 1, phase: 0 }
  const numbers = { origin: record.startedAt, segmentSeconds: 2, firstNumber: 0, discontinuitySequence: 0 }
  const renditions = [{ id: 'v360', codecs: 'avc1.42c01e', bandwidth: 800_000, averageBandwidth: 700_000 }]
  await node.post('/streams', {
    ...{ name: 'quay', state: 'live', renditions },
    record: { ...record, ...numbers, ladder: ['v360'] },
  })
  expect(await briefOf(node.id)).toMatchObject({ kind: 'doubtful', streams: ['quay'] })
  await node.beat({ claimed: '2001:db8::b' })
  await stands(node.id, '2001:db8::b', 'healthy')
  expect(await briefOf(node.id), 'it was missed elsewhere').toMatchObject({ kind: 'well' })
})
