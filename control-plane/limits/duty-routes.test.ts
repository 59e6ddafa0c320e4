import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms, enrolledNode } = await startTestControlPlane()
const password = await rooms.accounts.resetPassword('admin')
const { token } = (await rooms.accounts.login('admin', password)) ?? expect.fail()

const order = (id: string, body: object, cookie = `sixcast=${token}`) =>
  fetch(`${url}/v1/nodes/${id}/duty`, {
    method: 'PUT',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const dutyOf = async (id: string) => (await rooms.nodeViews.find(id))?.duty
const codeOf = async (response: Response) => [response.status, (await response.json()).code]

test('an operator tells a node what to do, and its date is when that became another', async () => {
  const { id } = await enrolledNode()
  expect(await dutyOf(id)).toBeUndefined()
  const response = await order(id, { duty: 'draining' })
  expect([response.status, await response.json()]).toEqual([200, { nodeId: id, duty: 'draining' }])
  const first = await dutyOf(id)
  expect(first).toMatchObject({ is: 'draining' })
  await order(id, { duty: 'draining' })
  expect(await dutyOf(id)).toEqual(first)
  await order(id, { duty: 'serving' })
  expect((await dutyOf(id))?.is).toBe('serving')
})

test('a duty leaves the numbers alone, and a configuration sets all of it', async () => {
  const { id } = await enrolledNode()
  const limitOf = async () => rooms.nodeViews.find(id).then((node) => [node?.duty?.is, node?.limits])
  await rooms.limits.limitsChanged(id, { viewers: 6, bitsPerSecond: 20_000_000, duty: 'serving' })
  await rooms.limits.setDuty(id, 'maintenance')
  expect(await limitOf()).toEqual(['maintenance', { viewers: 6, bitsPerSecond: 20_000_000 }])
  await rooms.limits.limitsChanged(id, { viewers: 5, duty: 'serving' })
  expect(await limitOf()).toEqual(['serving', { viewers: 5 }])
})

test('who is no operator, what is no duty and who is no node of the fleet are refused', async () => {
  const { id } = await enrolledNode()
  expect(await codeOf(await order(id, { duty: 'draining' }, ''))).toEqual([401, 'not-logged-in'])
  expect(await codeOf(await order(id, { duty: 'resting' }))).toEqual([400, 'bad-request'])
  expect(await codeOf(await order('a'.repeat(20), { duty: 'draining' }))).toEqual([404, 'unknown-node'])
  await rooms.fleetRegister.revokeNode(id)
  expect(await codeOf(await order(id, { duty: 'draining' }))).toEqual([404, 'unknown-node'])
})
