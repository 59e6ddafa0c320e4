// What a node sees of a stream that it has: its source, how far behind it is, what is wrong. Null from releases that do not tell.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table stream_report add column seen text null`.execute(db)
}
