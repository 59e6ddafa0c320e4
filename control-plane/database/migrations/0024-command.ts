// What operators told nodes to do, who did, and what came of it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table command (
      id char(12) character set ascii collate ascii_bin not null primary key,
      node_id char(20) character set ascii collate ascii_bin not null,
      name varchar(20) character set ascii collate ascii_bin not null,
      unit varchar(20) character set ascii collate ascii_bin,
      state varchar(12) character set ascii collate ascii_bin not null,
      outcome varchar(1000),
      asked_at datetime(3) not null,
      asked_by varchar(50) not null,
      expires_at datetime(3) not null,
      timeout_seconds int not null,
      begun_at datetime(3),
      settled_at datetime(3),
      key command_node_id (node_id, asked_at),
      key command_state (state)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
