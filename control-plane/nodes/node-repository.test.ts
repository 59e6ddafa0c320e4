import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { rooms, enrolledNode } = await startTestControlPlane()

/** A node that has used number 5 of epoch 1, as a process knew it before another one heard more of it. */
async function knownBefore() {
  const node = await enrolledNode()
  await node.beat({}, { epoch: 1, number: 5 })
  return { node, found: (await rooms.nodes.find(node.id)) ?? expect.fail() }
}

test('what a process has read before another process heard of a new epoch does not bring the old one back', async () => {
  const { node, found } = await knownBefore()
  await node.beat({}, { epoch: 2, number: 5 })
  expect(await rooms.nodes.admit(found, 1, 6)).toEqual({ verdict: 'epoch-behind', epoch: 2 })
  expect(await rooms.nodes.find(node.id)).toMatchObject({ window: { epoch: 2, highest: 5 } })
})

test('what a process has read before another process heard a higher number does not set it back', async () => {
  const { node, found } = await knownBefore()
  await node.beat({}, { epoch: 1, number: 100 })
  expect(await rooms.nodes.admit(found, 1, 6)).toMatchObject({ verdict: 'replayed' })
  expect(await rooms.nodes.find(node.id)).toMatchObject({ window: { epoch: 1, highest: 100 } })
})
