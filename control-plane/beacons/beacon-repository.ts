import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { BeaconCount, CountKind, MinuteCount } from './beacon-count.ts'

export type BeaconRepository = ReturnType<typeof beaconRepository>

export function beaconRepository(db: Database) {
  return {
    /** Several processes count the same minutes. */
    add: (counts: MinuteCount[]) =>
      db
        .insertInto('beacon_count')
        .values(counts.map(({ stream, ...each }) => ({ stream_name: stream, ...each })))
        .onDuplicateKeyUpdate({
          count: sql`count + values(count)`,
          total: sql`total + values(total)`,
        })
        .execute(),

    /** What was told since then, of all streams by all pathways. */
    async listSince(at: Date): Promise<BeaconCount[]> {
      const rows = await db
        .selectFrom('beacon_count')
        .select(({ fn }) => [
          'stream_name',
          'pathway',
          'kind',
          'bucket',
          fn.sum<string>('count').as('count'),
          fn.sum<string>('total').as('total'),
        ])
        .where('minute', '>=', at)
        .groupBy(['stream_name', 'pathway', 'kind', 'bucket'])
        .execute()
      return rows.map(({ stream_name, kind, count, total, ...row }) => ({
        ...row,
        stream: stream_name,
        kind: kind as CountKind,
        count: Number(count),
        total: Number(total),
      }))
    },

    async removeBefore(at: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('beacon_count')
        .where('minute', '<', at)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
