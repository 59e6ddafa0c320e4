import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type TurnRepository = ReturnType<typeof turnRepository>

/** By the clock of the database: those of the processes may differ. */
const now = sql<Date>`utc_timestamp(3)`
const after = (ms: number) => sql<Date>`utc_timestamp(3) + interval ${ms * 1000} microsecond`

/** A row, and no lock of the database: clusters of databases have none that all of them keep. */
export function turnRepository(db: Database) {
  return {
    /** Takes the turn, or keeps it. False when it is another's. */
    async take({ name, holder, ms }: { name: string; holder: string; ms: number }): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('process_turn')
        .set({ holder, until: after(ms) })
        .where('name', '=', name)
        .where(({ or, eb }) => or([eb('holder', '=', holder), eb('until', '<=', now)]))
        .executeTakeFirst()
      if (numUpdatedRows > 0n) return true
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto('process_turn')
        .ignore()
        .values({ name, holder, until: after(ms) })
        .executeTakeFirst()
      return numInsertedOrUpdatedRows > 0n
    },

    giveBack: ({ name, holder }: { name: string; holder: string }) =>
      db
        .updateTable('process_turn')
        .set({ until: now })
        .where('name', '=', name)
        .where('holder', '=', holder)
        .execute(),
  }
}
