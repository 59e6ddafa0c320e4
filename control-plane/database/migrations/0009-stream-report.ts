// The last word of each node about each session of a stream. Which of them counts is decided when it is read; an older session is
// kept for those who still watch it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table stream_report (
      stream_name varchar(64) character set ascii collate ascii_bin not null,
      node_id char(20) character set ascii collate ascii_bin not null,
      epoch bigint not null,
      number bigint not null,
      state varchar(10) character set ascii collate ascii_bin not null,
      manifest varchar(100) character set ascii collate ascii_bin not null,
      session char(13) character set ascii collate ascii_bin not null,
      height int,
      renditions mediumtext not null,
      record mediumtext not null,
      since datetime(3) not null,
      state_since datetime(3) not null,
      lives_until datetime(3) not null,
      primary key (stream_name, node_id, session)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
