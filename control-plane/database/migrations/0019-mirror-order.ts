// Who is told to copy what, from where. Kept, so that who copies a stream goes on whichever process plans, and so that nobody
// becomes a mirror by saying so.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table mirror_order (
      stream_name varchar(64) character set ascii collate ascii_bin not null,
      node_id char(20) character set ascii collate ascii_bin not null,
      session char(13) character set ascii collate ascii_bin not null,
      source varchar(60) character set ascii collate ascii_bin not null,
      since datetime(3) not null,
      primary key (stream_name, node_id)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
