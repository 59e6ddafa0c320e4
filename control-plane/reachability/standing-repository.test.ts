import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { arriving, type KeptStanding } from './standing.ts'

const { rooms, db, enrolledNode } = await startTestControlPlane()

const now = new Date()
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const ADDRESS = '127.0.0.1'

const keep = (nodeId: string, standing: KeptStanding, dueAt = now) =>
  rooms.standings.keep({ nodeId, address: ADDRESS, standing, failure: undefined, dueAt })

async function beatingNode() {
  const node = await enrolledNode()
  await node.beat()
  return node
}

/** A node that is to be looked at then. */
async function due(seconds?: number) {
  const { id } = await beatingNode()
  if (seconds !== undefined) await keep(id, arriving(now), at(seconds))
  return id
}

const first = (nodeId: string) => ({ nodeId, which: 'first' as const })

test('who has waited longest is due first, so that many who never answer starve nobody', async () => {
  const [recent, longAgo, earlier, never] = [await due(-1), await due(-7), await due(-4), await due()]
  await due(1)
  const list = async (most: number, besides: string[] = []) =>
    (await rooms.standings.listDue(at(0), { most, besides: besides.map(first) })).map(({ nodeId }) => nodeId)
  expect(await list(10)).toEqual([never, longAgo, earlier, recent])
  expect(await list(2)).toEqual([never, longAgo])
  expect(await list(2, [never, earlier])).toEqual([longAgo, recent])
})

test('other addresses wait no longer than claimed ones, and both have their turn', async () => {
  const node = await beatingNode()
  const address = '2001:db8::80'
  await rooms.otherAddresses.keep({ epoch: 1, number: 1, nodeId: node.id, address, source: address })
  await rooms.standings.keep({
    nodeId: node.id,
    address,
    standing: arriving(now),
    failure: undefined,
    dueAt: at(-60),
  })
  await keep(node.id, arriving(now), at(-1))
  await due(-9)
  const list = async (most: number) =>
    (await rooms.standings.listDue(at(0), { most, besides: [] })).map((each) => [
      each.nodeId === node.id,
      each.which,
    ])
  const all = await list(100)
  const waiting = all.findIndex(([, which]) => which === 'other')
  expect(all.findLastIndex(([own, which]) => own && which === 'first')).toBeGreaterThan(waiting)
  expect(await list(waiting + 1), 'as long as it has waited').toEqual(all.slice(0, waiting + 1))
})

test('a standing is read as it was kept, and begins anew at another address', async () => {
  const node = await beatingNode()
  const [first, second, third] = [at(-30), at(-20), at(-10)]
  const kept: KeptStanding = {
    state: 'suspect',
    since: second,
    cause: 'Silence.',
    goodSince: undefined,
    badSince: third,
    upAt: first,
    falls: [first, second],
  }
  await keep(node.id, kept)
  expect(await rooms.standings.findEach(node.id, now)).toMatchObject([{ address: ADDRESS, standing: kept }])
  await node.beat({ claimed: '198.51.100.7' })
  expect(await rooms.standings.findEach(node.id, now)).toMatchObject([
    { address: '198.51.100.7', standing: undefined },
  ])
})

test('who has lost his lease is looked at until he is seen to be offline', async () => {
  const { id } = await beatingNode()
  const later = at(3600)
  const watched = async () => (await rooms.standings.findEach(id, later)).length > 0
  expect(await watched(), 'it was never looked at').toBe(false)
  await keep(id, { ...arriving(now), state: 'suspect' })
  expect(await watched()).toBe(true)
  await keep(id, { ...arriving(now), state: 'offline' })
  expect(await watched()).toBe(false)
  expect(await rooms.standings.findEach(id, now), 'while it beats').toHaveLength(1)
  await rooms.fleetRegister.revokeNode(id)
  expect(await rooms.standings.findEach(id, now)).toEqual([])
})

test('an operator is told how a node stands where it asks to be found now, with the remedy of its last probe', async () => {
  const node = await beatingNode()
  const fact = { nodeId: node.id, family: 4, address: ADDRESS, reachable: false, at: now } as const
  await rooms.reachability.recordFact({ ...fact, cause: 'Refused.' })
  const standing = { ...arriving(now), state: 'unreachable', cause: 'Refused.' } as const
  await rooms.standings.keep({ nodeId: node.id, address: ADDRESS, standing, failure: 'refused', dueAt: now })
  const view = async () => (await rooms.nodeViews.list()).find(({ id }) => id === node.id)
  expect(await view()).toMatchObject({
    standings: [{ family: 4, state: 'unreachable', since: now, cause: 'Refused.' }],
    reachable: [{ is: false, remedy: expect.stringContaining('forward TCP 8084') }],
  })
  await db
    .updateTable('standing')
    .set({ failure: 'of a later release' })
    .where('node_id', '=', node.id)
    .execute()
  expect((await view())?.reachable[0]).not.toHaveProperty('remedy')
  await node.beat({ claimed: '198.51.100.7' })
  expect(await view()).toMatchObject({ standings: [], reachable: [] })
})

test('who is being worked on does not count when it fails, who is being emptied does', async () => {
  await db.deleteFrom('standing').execute()
  const nodes = [await beatingNode(), await beatingNode(), await beatingNode()]
  for (const { id } of nodes) await keep(id, { ...arriving(now), state: 'suspect', badSince: now })
  expect(await rooms.standings.countLately(4, now)).toEqual({ lately: 3, failing: 3 })
  await rooms.limits.setDuty(nodes[0]?.id ?? '', 'draining')
  await rooms.limits.setDuty(nodes[1]?.id ?? '', 'maintenance')
  expect(await rooms.standings.countLately(4, now)).toEqual({ lately: 2, failing: 2 })
})

test('who was found and should have been asked again long ago does not count, who was missed does', async () => {
  await db.deleteFrom('standing').execute()
  const nodes = [await beatingNode(), await beatingNode(), await beatingNode()]
  const found: KeptStanding = { ...arriving(now), state: 'healthy', goodSince: now }
  const missed: KeptStanding = { ...arriving(now), state: 'suspect', badSince: now }
  const kept: [KeptStanding, number][] = [
    [missed, -6],
    [found, 2],
    [found, -6],
  ]
  for (const [place, [standing, seconds]] of kept.entries())
    await keep(nodes[place]?.id ?? '', standing, at(seconds))
  expect(await rooms.standings.countLately(4, now)).toEqual({ lately: 2, failing: 1 })
})
