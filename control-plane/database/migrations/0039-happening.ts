// What has happened to nodes, in words: found by looking at the fleet every few seconds, and kept for a timeline.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table happening (
      number bigint unsigned not null auto_increment primary key,
      at datetime(3) not null,
      node_id char(20) character set ascii collate ascii_bin not null,
      kind varchar(12) character set ascii collate ascii_bin not null,
      words varchar(500) not null,
      key of_node (node_id, at),
      key by_time (at)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
