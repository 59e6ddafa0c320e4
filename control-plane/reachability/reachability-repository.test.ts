import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { rooms, enrolledNode, leaseOf } = await startTestControlPlane()

const AGAIN = { reachableMs: 10_000, unreachableMs: 2000 }
const now = new Date()
const ago = (ms: number) => new Date(now.getTime() - ms)

/** A node that was last probed then, in vain. */
async function probed(at?: Date) {
  const node = await enrolledNode()
  await node.beat()
  const fact = { nodeId: node.id, family: 4, address: '127.0.0.1', reachable: false } as const
  if (at) await rooms.reachability.recordFact({ ...fact, at })
  return node.id
}

test('who has waited longest is due first, so that many who never answer starve nobody', async () => {
  const recent = await probed(ago(3000))
  const longAgo = await probed(ago(9000))
  const earlier = await probed(ago(6000))
  const never = await probed()
  await probed(ago(500))
  const due = async (most: number, besides: string[] = []) =>
    (await rooms.reachability.listDue(now, AGAIN, { most, besides })).map(({ id }) => id)
  expect(await due(10)).toEqual([never, longAgo, earlier, recent])
  expect(await due(2)).toEqual([never, longAgo])
  expect(await due(2, [never, earlier])).toEqual([longAgo, recent])
})

test('what was found where a node no longer asks to be found sends no viewer there', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '198.51.100.7' })
  await rooms.reachability.recordProven(node.id, '198.51.100.9')
  expect((await leaseOf(node.id))?.proven).toBeNull()
  await rooms.reachability.recordProven(node.id, '198.51.100.7')
  expect((await leaseOf(node.id))?.proven).toBe('198.51.100.7')
})
