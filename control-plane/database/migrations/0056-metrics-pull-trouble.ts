// Of which nodes the measurements cannot be had, since when and why: whoever wants them pulled wants to know.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table metrics_pull_trouble (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      since datetime(3) not null,
      cause varchar(300) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
