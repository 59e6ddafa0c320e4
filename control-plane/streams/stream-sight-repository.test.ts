import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { streamSightRepository } from './stream-sight-repository.ts'

const db = await freshDatabase()
const now = new Date('2026-01-01T12:00:00Z')
const sights = streamSightRepository(db, () => now)
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)

async function report(
  id: string,
  more: { role?: 'mirror'; seen?: string; lives_until?: Date; state?: 'ended' } = {},
) {
  await db
    .insertInto('node')
    .values({ id, public_key: id, name: id.slice(0, 3), hardware: '', enrolled_at: now })
    .execute()
  await db
    .insertInto('stream_report')
    .values({
      ...{ stream_name: 'harbour', node_id: id, epoch: 1, number: 1, state: 'live', manifest: 'index.m3u8' },
      ...{
        session: `s${id.slice(0, 12)}`,
        height: 720,
        record: '{}',
        since: minutes(-9),
        state_since: minutes(-9),
      },
      renditions: JSON.stringify({
        renditions: [{ id: 'v720', codecs: 'x', bandwidth: 2, averageBandwidth: 1 }],
      }),
      ...{ lives_until: minutes(1), role: null, viewers: null, seen: null },
      ...more,
    })
    .execute()
}

test('who has a stream now tells what it sees, the origin first; what cannot be read is left out', async () => {
  await report('a'.repeat(20), { role: 'mirror', seen: 'null' })
  await report('b'.repeat(20), { seen: JSON.stringify({ latencyMs: 400, speed: -1, problems: 'many' }) })
  await report('c'.repeat(20), { lives_until: minutes(-1) })
  await report('d'.repeat(20), { state: 'ended' })
  const seen = await sights.of('harbour')
  expect(seen.map(({ node, role }) => [node.name, role])).toEqual([
    ['bbb', 'origin'],
    ['aaa', 'mirror'],
  ])
  expect(seen[0]).toMatchObject({ renditions: [{ id: 'v720' }], sight: { latencyMs: 400, problems: [] } })
  expect(seen[0]?.sight?.speed).toBeUndefined()
  expect(seen[1]?.sight).toBeUndefined()
  expect(await sights.of('nothing')).toEqual([])
})
