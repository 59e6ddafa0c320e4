// A copy that a node makes of another's session is no second origin. Null in reports of releases that did not copy.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table stream_report add role varchar(10) character set ascii collate ascii_bin`.execute(db)
}
