// Which nodes are asked for their measurements, besides what they push; the row * is the fleet's rule.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table metrics_pull (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      pulled boolean not null,
      address varchar(45) character set ascii collate ascii_bin,
      port smallint unsigned,
      seconds int unsigned not null,
      series varchar(500) character set ascii collate ascii_bin
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
