// Which round of which process moved a node's window last: of many that one statement was to move, it tells those that it did move.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table node
      add column admitted_by char(16) character set ascii collate ascii_bin
  `.execute(db)
}
