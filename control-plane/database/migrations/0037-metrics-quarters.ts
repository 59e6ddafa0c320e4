// A node's quarters of an hour of one day in a row, for two years.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table metrics_quarters (
      day int unsigned not null,
      node_id char(20) character set ascii collate ascii_bin not null,
      points blob not null,
      primary key (node_id, day)
    ) character set utf8mb4 collate utf8mb4_bin
    partition by range (day) (partition p0 values less than (0))
  `.execute(db)
}
