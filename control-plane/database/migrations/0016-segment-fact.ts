// Whether one real segment of a live stream could be fetched from outside at a node's claimed address, and since when it is so.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table segment_fact (
      node_id char(20) character set ascii collate ascii_bin not null,
      family tinyint not null,
      address varchar(45) character set ascii collate ascii_bin not null,
      stream_name varchar(64) character set ascii collate ascii_bin not null,
      fetched tinyint(1) not null,
      since datetime(3) not null,
      checked_at datetime(3) not null,
      bytes int,
      milliseconds int,
      cause varchar(300),
      primary key (node_id, family)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
