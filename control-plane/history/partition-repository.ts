import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { KEPT_TABLES, type KeptTable, planPartitions } from './kept-tables.ts'

export type PartitionRepository = ReturnType<typeof partitionRepository>

/** Another process was faster: a partition of that name is there, or gone. */
const DONE_ALREADY = new Set([
  'ER_SAME_NAME_PARTITION',
  'ER_DROP_PARTITION_NON_EXISTENT',
  'ER_RANGE_NOT_INCREASING_ERROR',
])

export function partitionRepository(db: Database) {
  const bounds = async (table: KeptTable) => {
    const { rows } = await sql<{ bound: string }>`
      select partition_description as bound from information_schema.partitions
      where table_schema = database() and table_name = ${table} order by partition_ordinal_position
    `.execute(db)
    return rows.map(({ bound }) => Number(bound))
  }

  async function keep(table: KeptTable, nowSeconds: number) {
    const { add, drop } = planPartitions(table, await bounds(table), nowSeconds)
    for (const bound of add)
      await unlessDone(
        sql`alter table ${sql.table(table)} add partition (partition ${sql.id(`p${bound}`)} values less than (${sql.lit(bound)}))`.execute(
          db,
        ),
      )
    for (const bound of drop)
      await unlessDone(sql`alter table ${sql.table(table)} drop partition ${sql.id(`p${bound}`)}`.execute(db))
    return drop.length
  }

  return {
    bounds,

    /** A day of measurements is thrown away in a moment, however many nodes there are. */
    async keepPartitions(now: Date): Promise<Record<KeptTable, number>> {
      const dropped: Partial<Record<KeptTable, number>> = {}
      for (const table of KEPT_TABLES) dropped[table] = await keep(table, now.getTime() / 1000)
      return dropped as Record<KeptTable, number>
    },

    /** What the database says of the size of its rows: an estimate, which it renews when it likes. */
    async sizes() {
      const { rows } = await sql<{ kept: KeptTable; bytes: string; rows_: string }>`
        select table_name as kept, data_length + index_length as bytes, table_rows as rows_
        from information_schema.tables
        where table_schema = database() and table_name in (${sql.join(KEPT_TABLES)})
      `.execute(db)
      return rows.map((row) => ({ table: row.kept, bytes: Number(row.bytes), rows: Number(row.rows_) }))
    },
  }
}

async function unlessDone(change: Promise<unknown>) {
  try {
    await change
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && DONE_ALREADY.has(String(error.code)))) throw error
  }
}
