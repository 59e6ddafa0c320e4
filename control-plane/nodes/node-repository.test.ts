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

test('of the same number asked at once by many one passes, and each other number once', async () => {
  const { node, found } = await knownBefore()
  const numbers = [6, 6, 7, 8, 6, 7, 5]
  const admitted = await Promise.all(numbers.map((number) => rooms.nodes.admit(found, 1, number)))
  const fresh = numbers.filter((_, at) => admitted[at]?.verdict === 'fresh')
  expect(fresh.toSorted()).toEqual([6, 7, 8])
  expect(await rooms.nodes.find(node.id)).toMatchObject({ window: { epoch: 1, highest: 8, seen: 0b1111n } })
})

test('requests of many nodes at once move each its own window', async () => {
  const known = await Promise.all([knownBefore(), knownBefore(), knownBefore()])
  const asked = known.map(({ found }, at) => rooms.nodes.admit(found, 1 + at, 20 + at))
  expect((await Promise.all(asked)).map(({ verdict }) => verdict)).toEqual(['fresh', 'fresh', 'fresh'])
  for (const [at, { node }] of known.entries())
    expect(await rooms.nodes.find(node.id)).toMatchObject({ window: { epoch: 1 + at, highest: 20 + at } })
})
