// Names are compared byte by byte: golive and GoLive are two streams, as they are two folders on a node.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table stream (
      name varchar(64) character set ascii collate ascii_bin not null primary key,
      title varchar(200) not null,
      description text not null,
      open tinyint(1) not null,
      created_at datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
