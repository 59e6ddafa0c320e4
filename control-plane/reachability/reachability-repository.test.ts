import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { rooms, enrolledNode, leaseOf } = await startTestControlPlane()

test('what was found where a node no longer asks to be found sends no viewer there', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '198.51.100.7' })
  await rooms.reachability.recordProven({ nodeId: node.id, address: '198.51.100.9' })
  expect((await leaseOf(node.id))?.proven).toBeNull()
  await rooms.reachability.recordProven({ nodeId: node.id, address: '198.51.100.7' })
  expect((await leaseOf(node.id))?.proven).toBe('198.51.100.7')
})
