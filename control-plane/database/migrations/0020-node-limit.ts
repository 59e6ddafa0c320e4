// What operators set for a node: what it is to do, and how much it may send. Without a row it serves, with no limit but its line.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table node_limit (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      viewers int,
      bits_per_second bigint,
      duty varchar(12) character set ascii collate ascii_bin not null,
      since datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
