// What operators want of each node: every version that was ever saved, who saved it, what it changed, and what the node made of it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table configuration (
      node_id char(20) character set ascii collate ascii_bin not null,
      version int not null,
      settings text not null,
      changes text not null,
      made_at datetime(3) not null,
      made_by varchar(50) not null,
      state varchar(8) character set ascii collate ascii_bin,
      steps mediumtext,
      in_force int,
      cause varchar(500),
      reported_at datetime(3),
      primary key (node_id, version),
      key configuration_made_at (made_at)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
