import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { expect, test } from 'vitest'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms, enrolledNode } = await startTestControlPlane()

const path = (id: string) => `/v1/nodes/${id}/verdict`

const ask = (node: TestNode, id = node.id, changes: object = {}) =>
  fetch(url + path(id), { headers: node.sign({ method: 'GET', path: path(id), body: '', ...changes }) })

async function codeOf(response: Response) {
  return [response.status, (await response.json()).code]
}

test('a node is told its own verdict', async () => {
  const node = await enrolledNode()
  await node.beat()
  const fact = { nodeId: node.id, family: 4, address: '127.0.0.1', reachable: true, at: new Date() } as const
  await rooms.reachability.recordFact(fact)
  const result = { is: 'measured', bitsPerSecond: 20e6, bytes: 1, milliseconds: 1 } as const
  await rooms.lines.recordFact({ ...fact, result })
  const response = await ask(node)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const verdict = Verdict.parse(await response.json())
  expect(verdict).toMatchObject({ nodeId: node.id, name: 'box', is: 'passed' })
  expect(verdict.steps.map(({ step, is }) => `${step} ${is}`)).toEqual([
    'address passed',
    'name skipped',
    'certificate skipped',
    'probe passed',
    'upload passed',
    'segment skipped',
  ])
})

test('but not that of another, nor by another’s hand', async () => {
  const [node, other] = [await enrolledNode(), await enrolledNode()]
  expect(await codeOf(await ask(node, other.id))).toEqual([404, 'unknown-node'])
  expect(await codeOf(await ask(node, node.id, { path: path(other.id) }))).toEqual([401, 'bad-signature'])
  expect(await codeOf(await fetch(url + path(node.id)))).toEqual([401, 'not-logged-in'])
})

test('an operator is told that of any node', async () => {
  const password = await rooms.accounts.resetPassword('admin')
  const { token } = (await rooms.accounts.login('admin', password)) ?? expect.fail()
  const asOperator = (id: string) => fetch(url + path(id), { headers: { cookie: `sixcast=${token}` } })
  const { id } = await enrolledNode()
  expect(await (await asOperator(id)).json()).toMatchObject({ nodeId: id, is: 'waiting' })
  expect(await codeOf(await asOperator('a'.repeat(20)))).toEqual([404, 'unknown-node'])
  expect(await codeOf(await asOperator('nobody'))).toEqual([400, 'bad-request'])
})
