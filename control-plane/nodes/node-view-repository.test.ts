import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { db, rooms, enrolledNode } = await startTestControlPlane()

const viewOf = async (id: string) => (await rooms.nodeViews.list()).find((node) => node.id === id)
const at = new Date()

test('what was found at an address that a node no longer claims is not told', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '198.51.100.7' })
  const old = { nodeId: node.id, family: 4, address: '198.51.100.7', reachable: false, at } as const
  await rooms.reachability.recordFact(old)
  expect((await viewOf(node.id))?.reachable).toMatchObject([{ family: 4, is: false }])

  await node.beat({ claimed: '2001:db8::7' })
  expect((await viewOf(node.id))?.reachable).toEqual([])
  await rooms.reachability.recordFact({ ...old, family: 6, address: '2001:db8::7', reachable: true })
  expect((await viewOf(node.id))?.reachable).toMatchObject([{ family: 6, is: true }])
})

test('of a node that claims no address it is told what those it has are good for', async () => {
  const [node, claiming] = [await enrolledNode(), await enrolledNode()]
  const home = { family: 4, interface: 'eth0', prefixLength: 24, scope: 'private', flags: [] } as const
  const addresses = [{ ...home, address: '192.168.1.20', validSeconds: -1, origin: 'of a later release' }]
  await node.beat({ claimed: undefined, addresses })
  expect(await viewOf(node.id)).toMatchObject({ addressCase: 'nat-v4' })
  await claiming.beat({ claimed: '2001:db8::7', addresses })
  expect(await viewOf(claiming.id)).not.toHaveProperty('addressCase')
})

test('a node was last heard when it last beat, though its lease may run on', async () => {
  const node = await enrolledNode()
  expect(await viewOf(node.id)).not.toHaveProperty('heardAt')
  await node.beat()
  const { heardAt, alive } = (await viewOf(node.id)) ?? {}
  expect(alive).toMatchObject({ is: true })
  expect(Math.abs(Date.now() - (heardAt?.getTime() ?? 0))).toBeLessThan(5000)
})

test('one node is read as it stands in the list of all', async () => {
  const [node, other] = [await enrolledNode(), await enrolledNode()]
  for (const each of [node, other]) {
    await each.beat({ claimed: '198.51.100.7' })
    const fact = {
      nodeId: each.id,
      family: 4,
      address: '198.51.100.7',
      reachable: each === node,
      at,
    } as const
    await rooms.reachability.recordFact(fact)
  }
  expect(await rooms.nodeViews.find(node.id)).toEqual(await viewOf(node.id))
  expect(await rooms.nodeViews.find('nobody')).toBeUndefined()
})

test('a node says where it takes in RTMP', async () => {
  const node = await enrolledNode()
  expect(await viewOf(node.id)).not.toHaveProperty('rtmpPort')
  await node.beat({ ports: { playback: 8083, cdn: 8084, rtmp: 1940 } })
  expect(await viewOf(node.id)).toMatchObject({ rtmpPort: 1940 })
})

test('metrics of another release that nobody understands hide themselves only', async () => {
  const [odd, well] = [await enrolledNode(), await enrolledNode()]
  for (const { id } of [odd, well])
    await db
      .insertInto('node_metrics')
      .values({
        node_id: id,
        metrics: JSON.stringify(id === odd.id ? { cpu: 'hot' } : MEASURED),
        received_at: at,
      })
      .execute()
  expect(await viewOf(odd.id)).not.toHaveProperty('metrics')
  expect(await viewOf(well.id)).toMatchObject({ metrics: { cpu: { percent: 5 } } })
})

const MEASURED = {
  measuredAt: '1970-01-01T00:00:00Z',
  uptimeSeconds: 1,
  cpu: { percent: 5, cores: 4, load1: 0.5 },
  memory: { totalBytes: 2, usedBytes: 1 },
  storage: [],
  network: [],
  processes: [],
}
