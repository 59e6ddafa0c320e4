// What the last heartbeat said. Apart from node, because it is written every few seconds. Its row is made with the node's.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table lease (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      epoch bigint not null default 0,
      number bigint not null default 0,
      \`release\` varchar(50),
      claimed varchar(45) character set ascii collate ascii_bin,
      source varchar(45) character set ascii collate ascii_bin,
      proven varchar(45) character set ascii collate ascii_bin,
      playback_port int,
      cdn_port int,
      rtmp_port int,
      addresses mediumtext,
      live mediumtext,
      alive_since datetime(3),
      beat_at datetime(3),
      ends_at datetime(3),
      key lease_ends_at (ends_at)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
