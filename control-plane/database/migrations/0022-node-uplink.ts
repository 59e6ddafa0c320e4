// What came from a node when it was last asked from outside to send as much as its line takes: the ceiling of what it can serve.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table node_uplink (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      family tinyint not null,
      address varchar(45) character set ascii collate ascii_bin not null,
      bits_per_second bigint,
      bytes int,
      milliseconds int,
      cause varchar(300),
      tried_at datetime(3) not null,
      wanted tinyint(1) not null default 0
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
