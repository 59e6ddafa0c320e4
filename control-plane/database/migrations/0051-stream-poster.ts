// The picture that operators give a stream for while it is not live, beside the catalog: lists of streams never read its bytes.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table stream_poster (
      stream_name varchar(64) character set ascii collate ascii_bin not null primary key,
      hash char(16) character set ascii collate ascii_bin not null,
      type varchar(20) character set ascii collate ascii_bin not null,
      bytes mediumblob not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
