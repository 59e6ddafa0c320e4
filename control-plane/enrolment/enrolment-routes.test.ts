import { parseClaim } from '@sixcast/shared/contract/claim.ts'
import { timeText } from '@sixcast/shared/contract/enrolment.ts'
import { createKeyPair, nodeId, verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { enrol, startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { openRooms } from '../rooms.ts'
import { hashSecret } from '../secrets/secret-hash.ts'
import { loadFleetKey } from './fleet-key-repository.ts'

const { url, db, rooms } = await startTestControlPlane({ publicUrl: 'https://fleet.example' })

async function newSecret(): Promise<string> {
  const { claim } = await rooms.enrolment.createClaim({ hours: 1 })
  return parseClaim(claim)?.secret ?? expect.fail()
}

async function codeOf(response: Response) {
  return [response.status, (await response.json()).code]
}

test('a claim says where the control plane is and by which key to know it', async () => {
  const { claim, expiresAt } = await rooms.enrolment.createClaim({ hours: 24 })
  expect(parseClaim(claim)).toMatchObject({
    url: 'https://fleet.example',
    fleetKey: rooms.fleetKey.publicKey,
  })
  expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(23.9 * 3_600_000)
})

test('the secret of a claim is not in the database', async () => {
  const secret = await newSecret()
  expect(JSON.stringify(await db.selectFrom('claim').selectAll().execute())).not.toContain(secret)
})

test('the time is signed by the key of the fleet', async () => {
  const nonce = 'abcdefghijklmnopqrstuvwx'
  const reply = await (await fetch(`${url}/v1/time?nonce=${nonce}`)).json()
  expect(verifyText(timeText(reply.time, nonce), reply.signature, rooms.fleetKey.publicKey)).toBe(true)
  expect(Math.abs(Date.parse(reply.time) - Date.now())).toBeLessThan(5000)
})

test('a claim makes one node of one key, however often its answer is lost', async () => {
  const keys = createKeyPair()
  const secret = await newSecret()
  for (const _ of [1, 2]) {
    const response = await enrol(url, keys, secret)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ nodeId: nodeId(keys.publicKey), name: 'box' })
  }
  const rows = await db.selectFrom('node').where('id', '=', nodeId(keys.publicKey)).selectAll().execute()
  expect(rows).toHaveLength(1)
})

test('a used claim is refused to another key', async () => {
  const secret = await newSecret()
  await enrol(url, createKeyPair(), secret)
  const other = createKeyPair()
  expect(await codeOf(await enrol(url, other, secret))).toEqual([409, 'claim-used'])
  expect(await rooms.nodes.find(nodeId(other.publicKey))).toBeUndefined()
})

test('of two keys that bring one claim at once, exactly one enrols', async () => {
  const secret = await newSecret()
  const answers = await Promise.all(Array.from({ length: 6 }, () => enrol(url, createKeyPair(), secret)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
})

test('one key that asks twice at once is one node, told twice', async () => {
  const secret = await newSecret()
  const keys = createKeyPair()
  const answers = await Promise.all([1, 2, 3].map(() => enrol(url, keys, secret)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
})

test('an expired claim enrols nobody', async () => {
  const secret = await newSecret()
  await db
    .updateTable('claim')
    .set({ expires_at: new Date(Date.now() - 1) })
    .where('secret_hash', '=', hashSecret(secret))
    .execute()
  expect(await codeOf(await enrol(url, createKeyPair(), secret))).toEqual([410, 'claim-expired'])
})

test('a revoked claim enrols nobody', async () => {
  const { claim, id } = await rooms.enrolment.createClaim({ hours: 1 })
  await rooms.enrolment.revokeClaim(id)
  const secret = parseClaim(claim)?.secret ?? ''
  expect(await codeOf(await enrol(url, createKeyPair(), secret))).toEqual([403, 'claim-refused'])
  await expect(rooms.enrolment.revokeClaim(id)).rejects.toMatchObject({ code: 'not-found' })
})

test('a used claim is not revoked: it stays told which node it has made', async () => {
  const keys = createKeyPair()
  const { claim, id } = await rooms.enrolment.createClaim({ hours: 1 })
  await enrol(url, keys, parseClaim(claim)?.secret ?? '')
  await expect(rooms.enrolment.revokeClaim(id)).rejects.toMatchObject({ code: 'not-found' })
  expect((await rooms.enrolment.listClaims()).find((each) => each.id === id)).toMatchObject({
    state: 'used',
    nodeId: nodeId(keys.publicKey),
  })
})

test('claims are listed as they stand, without their secrets', async () => {
  const made = await Promise.all([1, 2, 3].map(() => rooms.enrolment.createClaim({ hours: 1 })))
  const [open = expect.fail(), revoked = expect.fail(), expired = expect.fail()] = made
  await rooms.enrolment.revokeClaim(revoked.id)
  const past = new Date(Date.now() - 1)
  await db.updateTable('claim').set({ expires_at: past }).where('id', '=', expired.id).execute()
  const listed = await rooms.enrolment.listClaims()
  const states = [open, revoked, expired].map(({ id }) => listed.find((each) => each.id === id)?.state)
  expect(states).toEqual(['open', 'revoked', 'expired'])
  expect(JSON.stringify(listed)).not.toContain(hashSecret(parseClaim(open.claim)?.secret ?? ''))
})

test('a claim of another fleet enrols nobody here', async () => {
  const foreign = await openRooms(await freshDatabase(), { publicUrl: 'https://other.example' })
  const { claim } = await foreign.enrolment.createClaim({ hours: 1 })
  const secret = parseClaim(claim)?.secret ?? ''
  expect(await codeOf(await enrol(url, createKeyPair(), secret))).toEqual([403, 'claim-refused'])
})

test.each([
  ['a signature of another key', { publicKey: createKeyPair().publicKey }],
  ['a name that was not signed', { name: 'another' }],
  ['a public key that is none', { publicKey: 'A'.repeat(43) }],
  ['a signature that is none', { signature: 'x' }],
])('%s leaves the claim unused', async (_, changes) => {
  const secret = await newSecret()
  expect(await codeOf(await enrol(url, createKeyPair(), secret, changes))).toEqual([401, 'bad-signature'])
  expect((await enrol(url, createKeyPair(), secret)).status).toBe(200)
})

test('a revoked key is not taken back, and the claim stays unused', async () => {
  const keys = createKeyPair()
  await enrol(url, keys, await newSecret())
  await rooms.fleetRegister.revokeNode(nodeId(keys.publicKey))
  const secret = await newSecret()
  expect(await codeOf(await enrol(url, keys, secret))).toEqual([403, 'node-revoked'])
  expect((await enrol(url, createKeyPair(), secret)).status).toBe(200)
})

test('the key of the fleet is made once, whoever starts first', async () => {
  const empty = await freshDatabase()
  const keys = await Promise.all([1, 2, 3, 4].map(() => loadFleetKey(empty)))
  expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1)
})
