import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { nodeHealthRepository } from './node-health-repository.ts'

const db = await freshDatabase()
const health = nodeHealthRepository(db)
const now = new Date('2026-11-20T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - 1000 * seconds)

test('of many nodes each is read once, and of those that are silent or not understood none', async () => {
  const text = JSON.stringify({ measuredAt: now.toISOString(), storage: [], temperatureCelsius: 50 })
  const ids = Array.from({ length: 1203 }, (_, at) => `${at}`.padStart(20, 'n'))
  const rows = ids.map((node_id, at) => ({
    ...{ node_id, metrics: at === 7 ? '{}' : text, received_at: at === 8 ? ago(90) : ago(5) },
  }))
  await db.insertInto('node_metrics').values(rows).execute()
  const read = await health.readSince(ago(60))
  expect([read.size, read.has(ids[7] ?? ''), read.has(ids[8] ?? '')]).toEqual([1201, false, false])
  expect(read.get(ids[1202] ?? '')).toMatchObject({ celsius: 50, at: ago(5) })
})
