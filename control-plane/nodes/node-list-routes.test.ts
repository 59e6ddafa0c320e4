import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms, db, enrolledNode } = await startTestControlPlane()
await rooms.accounts.resetPassword('admin')
const admin = { operator: 'admin', role: 'admin' } as const
const { token } = await rooms.apiTokens.makeToken(admin, { name: 'inventory', scope: 'read', days: 30 })
const [one, other] = [await enrolledNode(), await enrolledNode()]
await db.updateTable('node').set({ name: 'attic' }).where('id', '=', one.id).execute()
await db.updateTable('node').set({ name: 'depot' }).where('id', '=', other.id).execute()

const list = async (query = '') => {
  const response = await fetch(`${url}/v1/nodes${query}`, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, ...(await response.json()) }
}

test('a program reads the nodes as the console lists them, and seeks among them', async () => {
  expect(await list('?sort=name')).toMatchObject({
    ...{ total: 2, page: 1, pages: 1 },
    nodes: [
      { id: one.id, name: 'attic', kind: 'arriving' },
      { id: other.id, name: 'depot', kind: 'arriving' },
    ],
  })
  expect(await list('?q=DEPO')).toMatchObject({ total: 1, nodes: [{ name: 'depot' }] })
  expect(await list('?show=well')).toMatchObject({ total: 0, nodes: [] })
})

test.each(['?sort=size', '?show=all', '?page=0', '?page=x'])('%s is refused', async (query) => {
  expect(await list(query)).toMatchObject({ status: 400, code: 'bad-request' })
})
