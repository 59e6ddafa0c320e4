import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { KEPT, type KeptTable } from './kept-tables.ts'

export type HistoryRepository = ReturnType<typeof historyRepository>
/** A minute of one node. */
export type RawRow = { minute: number; nodeId: string; packed: Buffer }
/** What stands in one row, and when that begins, in seconds. */
export type PackedPoints = { startsAt: number; packed: Uint8Array }
export type RolledRow = { nodeId: string; startsAt: number; packed: Buffer }

export function historyRepository(db: Database) {
  return {
    /** The process before this one may have written the beginning of the minute: then this is its end. */
    appendRaw: (rows: RawRow[]) =>
      db
        .insertInto('metrics_raw')
        .values(rows.map(({ minute, nodeId, packed }) => ({ minute, node_id: nodeId, points: packed })))
        .onDuplicateKeyUpdate({ points: sql`concat(points, values(points))` })
        .execute(),

    /** Of one node, from the one moment to before the other, in their order. */
    async read(table: KeptTable, nodeId: string, from: number, until: number): Promise<PackedPoints[]> {
      const { key, seconds } = KEPT[table]
      const [first, end] = [Math.floor(from / seconds), Math.ceil(until / seconds)]
      const query = sql<{ at: number; points: Uint8Array }>`
        select ${sql.ref(key)} as at, points from ${sql.table(table)}
        where node_id = ${nodeId} and ${rangeOf(table, first, end)} order by ${sql.ref(key)}
      `
      const { rows } = await query.execute(db)
      return rows.map(({ at, points }) => ({ startsAt: at * seconds, packed: points }))
    },

    /** Who measured anything in that time, by id. */
    async listMeasured(table: KeptTable, from: number, until: number): Promise<string[]> {
      const { key, seconds } = KEPT[table]
      const { rows } = await sql<{ node_id: string }>`
        select distinct node_id from ${sql.table(table)}
        where ${sql.ref(key)} >= ${Math.floor(from / seconds)} and ${sql.ref(key)} < ${Math.ceil(until / seconds)}
        order by node_id
      `.execute(db)
      return rows.map(({ node_id }) => node_id)
    },

    /** The same minute of many nodes: from the first id to the last. */
    async readMinute(minute: number, [first, last]: [string, string]) {
      const rows = await db
        .selectFrom('metrics_raw')
        .select(['node_id', 'points'])
        .where('minute', '=', minute)
        .where('node_id', '>=', first)
        .where('node_id', '<=', last)
        .execute()
      return rows.map(({ node_id, points }) => ({ nodeId: node_id, packed: points }))
    },

    /** Written twice it is the same: the second time the whole of it was read again. */
    saveRolled: (table: 'metrics_minutes' | 'metrics_quarters', rows: RolledRow[]) =>
      table === 'metrics_minutes'
        ? db
            .insertInto('metrics_minutes')
            .values(
              rows.map((row) => ({ hour: row.startsAt / 3600, node_id: row.nodeId, points: row.packed })),
            )
            .onDuplicateKeyUpdate({ points: sql`values(points)` })
            .execute()
        : db
            .insertInto('metrics_quarters')
            .values(
              rows.map((row) => ({ day: row.startsAt / 86_400, node_id: row.nodeId, points: row.packed })),
            )
            .onDuplicateKeyUpdate({ points: sql`values(points)` })
            .execute(),

    /** The first hour or day that is not rolled up; absent before the first. */
    async rolledUpTo(kind: 'hours' | 'days'): Promise<number | undefined> {
      const row = await db
        .selectFrom('metrics_rolled')
        .select('next')
        .where('kind', '=', kind)
        .executeTakeFirst()
      return row?.next
    },

    saveRolledUpTo: (kind: 'hours' | 'days', next: number) =>
      db
        .insertInto('metrics_rolled')
        .values({ kind, next })
        .onDuplicateKeyUpdate({ next: sql`values(next)` })
        .execute(),

    /** When the oldest that is there begins. */
    async oldest(table: KeptTable): Promise<number | undefined> {
      const { key, seconds } = KEPT[table]
      const { rows } = await sql<{ at: number | null }>`
        select min(${sql.ref(key)}) as at from ${sql.table(table)}
      `.execute(db)
      const at = rows[0]?.at
      return typeof at === 'number' ? at * seconds : undefined
    },
  }
}

/** Raw rows stand by time: each minute is looked up by itself, or all nodes' would be read. */
const rangeOf = (table: KeptTable, first: number, end: number) =>
  table === 'metrics_raw'
    ? sql`minute in (${sql.join(Array.from({ length: Math.max(1, end - first) }, (_, at) => first + at))})`
    : sql`${sql.ref(KEPT[table].key)} >= ${first} and ${sql.ref(KEPT[table].key)} < ${end}`
