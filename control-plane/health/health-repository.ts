import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type HealthRepository = ReturnType<typeof healthRepository>

export function healthRepository(db: Database) {
  return {
    /** Throws when the database does not answer. */
    ask: () => sql`select 1`.execute(db),
  }
}
