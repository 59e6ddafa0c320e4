// How a node stands with viewers, per address family: what its probes and its lease add up to, since when, why, and when it is looked at again.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table standing (
      node_id char(20) character set ascii collate ascii_bin not null,
      family tinyint not null,
      address varchar(45) character set ascii collate ascii_bin not null,
      state varchar(12) character set ascii collate ascii_bin not null,
      since datetime(3) not null,
      cause varchar(300),
      failure varchar(20) character set ascii collate ascii_bin,
      good_since datetime(3),
      bad_since datetime(3),
      up_at datetime(3),
      falls text not null,
      due_at datetime(3) not null,
      primary key (node_id, family)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
