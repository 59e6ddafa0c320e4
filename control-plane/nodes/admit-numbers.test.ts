import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { nodeRepository } from './node-repository.ts'

const { db, rooms, enrolledNode } = await startTestControlPlane()
const { admit } = rooms.nodes
/** As another process on the same database. */
const other = nodeRepository(db)

/** A node of which this process has heard number 5 of epoch 1, and knows it. */
async function knownNode() {
  const { id } = await enrolledNode()
  expect(await admit(id, 1, 5)).toEqual({ verdict: 'fresh', epoch: 1 })
  return id
}

const windowOf = async (id: string) =>
  await db
    .selectFrom('node')
    .select(['epoch', 'highest_number as highest', 'seen_numbers as seen'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

test('a new epoch that another process has heard of is not forgotten for what this one knew before', async () => {
  const id = await knownNode()
  expect(await other.admit(id, 2, 5)).toMatchObject({ verdict: 'fresh' })
  expect(await admit(id, 1, 6)).toEqual({ verdict: 'epoch-behind', epoch: 2 })
  expect(await windowOf(id)).toMatchObject({ epoch: 2, highest: 5 })
})

test('a higher number that another process has heard is not set back by what this one knew before', async () => {
  const id = await knownNode()
  await other.admit(id, 1, 100)
  expect(await admit(id, 1, 6)).toMatchObject({ verdict: 'replayed' })
  expect(await windowOf(id)).toMatchObject({ epoch: 1, highest: 100 })
})

test('a number passes once, whichever processes are asked, one after the other or at once', async () => {
  const id = await knownNode()
  const ways = [admit, other.admit]
  for (const number of [6, 7]) {
    const verdicts = []
    for (const way of [...ways, ...ways]) verdicts.push((await way(id, 1, number)).verdict)
    expect(verdicts).toEqual(['fresh', 'replayed', 'replayed', 'replayed'])
  }
  const atOnce = await Promise.all([...ways, ...ways].map((way) => way(id, 1, 8)))
  expect(atOnce.filter(({ verdict }) => verdict === 'fresh')).toHaveLength(1)
})

test('of the same number asked at once by many one passes, and each other number once', async () => {
  const id = await knownNode()
  const numbers = [6, 6, 7, 8, 6, 7, 5]
  const admitted = await Promise.all(numbers.map((number) => admit(id, 1, number)))
  const fresh = numbers.filter((_, at) => admitted[at]?.verdict === 'fresh')
  expect(fresh.toSorted()).toEqual([6, 7, 8])
  expect(await windowOf(id)).toEqual({ epoch: 1, highest: 8, seen: 0b1111 })
})

test('of many that are moved at once each moves its own window, and who was moved elsewhere meanwhile is looked up', async () => {
  const ids = await Promise.all([knownNode(), knownNode(), knownNode()])
  await other.admit(ids[1] ?? '', 1, 50)
  const asked = ids.map((id, at) => admit(id, 1 + at, 20 + at))
  expect((await Promise.all(asked)).map(({ verdict }) => verdict)).toEqual(['fresh', 'fresh', 'fresh'])
  for (const [at, id] of ids.entries())
    expect(await windowOf(id)).toMatchObject({ epoch: 1 + at, highest: 20 + at })
})

test('a node that was revoked, or is no longer in the database, is told so though its key is known', async () => {
  const [revoked, gone] = [await knownNode(), await knownNode()]
  await rooms.nodes.revoke(revoked, new Date())
  await db.deleteFrom('node').where('id', '=', gone).execute()
  expect(await admit(revoked, 1, 6)).toMatchObject({ verdict: 'revoked' })
  expect(await admit(gone, 1, 6)).toMatchObject({ verdict: 'unknown' })
})
