// A key is kept only as its hash: it is shown once and can be replaced, not read back.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table stream_key (
      id char(8) character set ascii collate ascii_bin not null primary key,
      stream_name varchar(64) character set ascii collate ascii_bin not null,
      secret_hash char(43) character set ascii collate ascii_bin not null unique,
      created_at datetime(3) not null,
      revoked_at datetime(3),
      key stream_key_stream_name (stream_name)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
