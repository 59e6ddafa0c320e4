// What viewers' players met with, counted by minute, stream and pathway: nothing of any one viewer is kept.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table beacon_count (
      minute datetime not null,
      stream_name varchar(64) character set ascii collate ascii_bin not null,
      pathway varchar(40) character set ascii collate ascii_bin not null,
      kind varchar(12) character set ascii collate ascii_bin not null,
      bucket tinyint unsigned not null,
      count int unsigned not null,
      total bigint unsigned not null,
      primary key (minute, stream_name, pathway, kind, bucket)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
