import { parseClaim } from '@sixcast/shared/contract/claim.ts'
import { createKeyPair, nodeId } from '@sixcast/shared/contract/identity-key.ts'
import { expect, test } from 'vitest'
import { enrol, startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms, db } = await startTestControlPlane()
await rooms.accounts.invite('ann', 'installer')
const ann = { operator: 'ann', role: 'installer' } as const
const { token } = await rooms.apiTokens.makeToken(ann, { name: 'cards', scope: 'claims', days: 30 })

const ask = (path: string, init: RequestInit = {}) =>
  fetch(url + path, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
const make = async (order: object) => {
  const response = await ask('/v1/claims', { method: 'POST', body: JSON.stringify(order) })
  return { status: response.status, ...(await response.json()) }
}
const list = async () => (await (await ask('/v1/claims')).json()).claims

test('a program makes a claim, a node comes in by it, and the list says so without its secret', async () => {
  const made = await make({ hours: 2 })
  const keys = createKeyPair()
  expect((await enrol(url, keys, parseClaim(made.claim)?.secret ?? '')).status).toBe(200)
  const claims = await list()
  expect(claims).toMatchObject([
    { id: made.id, state: 'used', madeBy: 'ann', nodeId: nodeId(keys.publicKey), nodeName: 'box' },
  ])
  expect(JSON.stringify(claims)).not.toContain(parseClaim(made.claim)?.secret)
  expect((await ask(`/v1/claims/${made.id}`, { method: 'DELETE' })).status).toBe(404)
})

test('a claim that waits is taken back, once', async () => {
  const { id } = await make({})
  const revoke = () => ask(`/v1/claims/${id}`, { method: 'DELETE' })
  expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 404])
  expect(await list()).toContainEqual(expect.objectContaining({ id, state: 'revoked' }))
  expect((await ask('/v1/claims/nosuch', { method: 'DELETE' })).status).toBe(400)
})

test.each([[{ hours: 0 }], [{ hours: 9000 }], [{ hours: '1' }]])('%j makes none', async (order) => {
  expect((await make(order)).status).toBe(400)
})

test('of a claim that was made before it was known by whom nothing is said of that', async () => {
  const at = new Date()
  const old = { id: 'old'.padEnd(12, '-'), secret_hash: 'x'.repeat(43), created_at: at, expires_at: at }
  await db.insertInto('claim').values(old).execute()
  const found = (await rooms.enrolment.listClaims()).find(({ id }) => id === old.id)
  expect(found).toMatchObject({ state: 'expired' })
  expect(found).not.toHaveProperty('madeBy')
})
