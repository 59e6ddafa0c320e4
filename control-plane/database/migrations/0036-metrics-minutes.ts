// A node's minutes of one hour in a row, for thirty days: a day is read in twenty-four rows, and dropped as a whole.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table metrics_minutes (
      hour int unsigned not null,
      node_id char(20) character set ascii collate ascii_bin not null,
      points blob not null,
      primary key (node_id, hour)
    ) character set utf8mb4 collate utf8mb4_bin
    partition by range (hour) (partition p0 values less than (0))
  `.execute(db)
}
