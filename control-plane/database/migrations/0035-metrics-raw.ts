// What nodes measured, a row for each node and minute. By time first: a minute's rows stand side by side and are written together.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table metrics_raw (
      minute int unsigned not null,
      node_id char(20) character set ascii collate ascii_bin not null,
      points blob not null,
      primary key (minute, node_id)
    ) character set utf8mb4 collate utf8mb4_bin
    partition by range (minute) (partition p0 values less than (0))
  `.execute(db)
}
