import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { db, rooms, appeared, enrolledNode } = await startTestControlPlane()

const OTHER = '2001:db8::80'
const say = (node: Awaited<ReturnType<typeof enrolledNode>>, message: object) =>
  node.post('/v1/other-address', message, { path: '/v1/other-address' })

test('a node says where it can be found as well, and no longer', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '127.0.0.1' })
  const view = () => rooms.nodeViews.find(node.id)
  expect(await view()).not.toHaveProperty('otherAddress')

  expect((await say(node, { address: '2001:DB8:0::80' })).status).toBe(200)
  expect(await view()).toMatchObject({ claimed: '127.0.0.1', otherAddress: OTHER })
  const [row] = await db.selectFrom('other_address').selectAll().execute()
  expect(row).toMatchObject({ family: 6, address: OTHER, source: '127.0.0.1', proven: false })
  expect((await say(node, {})).status).toBe(200)
  expect(await view()).not.toHaveProperty('otherAddress')
})

test('it is looked for there when it is another, and not each time it says so', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '127.0.0.1' })
  const looks = () => appeared.filter((id) => id === node.id).length
  const before = looks()
  await say(node, { address: OTHER })
  await rooms.reachability.recordOtherProven({ nodeId: node.id, address: OTHER })
  await say(node, { address: OTHER })
  expect(looks() - before).toBe(1)
  const row = () =>
    db.selectFrom('other_address').selectAll().where('node_id', '=', node.id).executeTakeFirst()
  expect(await row(), 'it goes on being proven').toMatchObject({ proven: true })
  await say(node, { address: '2001:db8::81' })
  expect(looks() - before).toBe(2)
  expect(await row()).toMatchObject({ proven: false })
})

test('of the family of the claimed address, in quarantine or long unsaid, it does not count', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '127.0.0.1' })
  await say(node, { address: OTHER })
  const counted = async () =>
    (await rooms.standings.findEach(node.id, new Date())).map(({ address }) => address)
  expect(await counted()).toEqual(['127.0.0.1', OTHER])
  await node.beat({ claimed: '2001:db8::1' })
  expect(await counted()).toEqual(['2001:db8::1'])
  await node.beat({ claimed: '127.0.0.1' })
  const viewed = async () => (await rooms.nodeViews.find(node.id))?.otherAddress
  expect(await viewed()).toBe(OTHER)
  const quarantine = (until: Date | null) =>
    db.updateTable('lease').set({ quarantined_until: until }).where('node_id', '=', node.id).execute()
  await quarantine(new Date(Date.now() + 60_000))
  expect(await viewed()).toBeUndefined()
  await quarantine(null)
  const proven = async () =>
    (await db.selectFrom('other_address').select('proven').where('node_id', '=', node.id).executeTakeFirst())
      ?.proven
  await rooms.reachability.recordOtherProven({ nodeId: node.id, address: OTHER })
  await quarantine(new Date(Date.now() + 60_000))
  await say(node, { address: OTHER })
  expect(await proven(), 'what was found there may have been the other machine').toBe(false)
  await quarantine(null)
  await db
    .updateTable('other_address')
    .set({ counts_until: new Date(Date.now() - 1000) })
    .where('node_id', '=', node.id)
    .execute()
  expect(await counted()).toEqual(['127.0.0.1'])
  await rooms.otherAddresses.removeOutdated()
  const left = await db.selectFrom('other_address').where('node_id', '=', node.id).selectAll().execute()
  expect(left).toEqual([])
})

test('a message that was overtaken by a newer one changes nothing', async () => {
  const node = await enrolledNode()
  await node.beat({ claimed: '127.0.0.1' })
  const { keep, drop } = rooms.otherAddresses
  const other = async () => (await rooms.nodeViews.find(node.id))?.otherAddress
  const said = (address: string, epoch: number, number: number) =>
    keep({ nodeId: node.id, address, source: address, epoch, number })
  expect([await said(OTHER, 2, 7), await other()]).toEqual([true, OTHER])
  expect([await said('2001:db8::81', 2, 6), await other()]).toEqual([false, OTHER])
  await drop({ nodeId: node.id, epoch: 1, number: 9 })
  expect(await other()).toBe(OTHER)
  await drop({ nodeId: node.id, epoch: 2, number: 8 })
  expect(await other()).toBeUndefined()
  expect([await said(OTHER, 2, 7), await other()]).toEqual([false, undefined])
  expect([await said(OTHER, 3, 1), await other()]).toEqual([true, OTHER])
})
