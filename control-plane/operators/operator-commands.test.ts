import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/test-control-plane.ts'
import { operatorCommand } from './operator-commands.ts'

const { rooms, enrolledNode } = await startTestControlPlane()

test('the list of nodes speaks of them as the console does', async () => {
  const list = async () => (await operatorCommand(['node', 'list'], {}, rooms)?.())?.sentence
  const node = await enrolledNode()
  expect(await list()).toBe(`${node.id}  box  not heard yet`)
  await node.beat()
  expect(await list()).toBe(`${node.id}  box  alive  127.0.0.1`)
  await node.beat({ leaving: true })
  expect(await list()).toBe(`${node.id}  box  silent  127.0.0.1`)
  await operatorCommand(['node', 'revoke', node.id], {}, rooms)?.()
  expect(await list()).toMatch(/ {2}revoked/)
})
