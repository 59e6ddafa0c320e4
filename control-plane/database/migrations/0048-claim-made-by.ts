// Whose claim it is that still waits for its node, or that a node came in by. Of older ones nobody knows.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table claim add column made_by varchar(100)`.execute(db)
}
