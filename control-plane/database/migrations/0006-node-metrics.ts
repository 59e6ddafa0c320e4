// Only the latest measurement of each node: what operators look at now.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table node_metrics (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      metrics mediumtext not null,
      received_at datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
