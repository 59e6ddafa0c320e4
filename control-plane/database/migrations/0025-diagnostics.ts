// What a node told of itself when it was asked to, beside the command: lists of commands never read it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table diagnostics (
      command_id char(12) character set ascii collate ascii_bin not null primary key,
      taken_at datetime(3) not null,
      text mediumtext not null,
      key diagnostics_taken_at (taken_at)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
