// What operators want copied: one row for each stream that is chosen for, and the row * for all others. No stream has that name.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table mirror_choice (
      stream_name varchar(64) character set ascii collate ascii_bin not null primary key,
      copies int,
      nodes varchar(200) character set ascii collate ascii_bin
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
