// How many watch a stream at the node that reports it, for the landing page. Null from releases that do not tell.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table stream_report add column viewers int unsigned null`.execute(db)
}
