import { expect, test } from 'vitest'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'

const { db, rooms, enrolledNode, leaseOf } = await startTestControlPlane()

const ADDRESS = '198.51.100.7'
const [ONE, OTHER, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(16))

test.each<[string, (string | undefined)[], boolean]>([
  ['one process that goes on', [ONE, ONE, ONE], false],
  ['a node that starts again', [ONE, ONE, OTHER, OTHER], false],
  ['a node that starts again and again', [ONE, OTHER, THIRD], false],
  ['a node of a release that says nothing of it', [undefined, undefined], false],
  ['a node that goes back to such a release, and on again', [ONE, undefined, ONE, OTHER], false],
  ['two machines that take turns', [ONE, OTHER, ONE], true],
  ['two machines one of which speaks seldom', [ONE, ONE, OTHER, OTHER, ONE], true],
  ['three machines', [ONE, OTHER, THIRD, OTHER], true],
])('%s', async (_, instances, isQuarantined) => {
  const node = await enrolledNode()
  for (const instance of instances) await beatAs(node, instance)
  expect('quarantinedUntil' in ((await viewOf(node)) ?? {})).toBe(isQuarantined)
})

test('to a node in quarantine no viewer is sent and no probe; once only one has spoken for a while, it is as before', async () => {
  const node = await enrolledNode()
  for (const instance of [ONE, OTHER]) await beatAs(node, instance)
  await rooms.reachability.recordProven({ nodeId: node.id, address: ADDRESS })
  expect(await claimOf(node)).toMatchObject({ address: ADDRESS })

  await beatAs(node, ONE)
  await beatAs(node, ONE)
  expect(await leaseOf(node.id)).toMatchObject({ proven: null, instance: ONE })
  expect([await claimOf(node), await isDue(node)]).toEqual([undefined, false])

  await db
    .updateTable('lease')
    .set({ quarantined_until: new Date() })
    .where('node_id', '=', node.id)
    .execute()
  expect([(await claimOf(node))?.address, await isDue(node)]).toEqual([ADDRESS, true])
  expect(await viewOf(node)).not.toHaveProperty('quarantinedUntil')
})

const beatAs = (node: TestNode, instance: string | undefined) => node.beat({ claimed: ADDRESS, instance })

const viewOf = async ({ id }: TestNode) => (await rooms.nodeViews.list()).find((node) => node.id === id)

const claimOf = async ({ id }: TestNode) => (await rooms.standings.findEach(id, new Date()))[0]

async function isDue({ id }: TestNode) {
  const due = await rooms.standings.listDue(new Date(), { most: 100, besides: [] })
  return due.some(({ nodeId }) => nodeId === id)
}
