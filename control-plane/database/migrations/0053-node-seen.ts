// How each node was when it was looked at last: what is otherwise now has happened since, even if no process ran meanwhile.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table node_seen (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      seen text not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
