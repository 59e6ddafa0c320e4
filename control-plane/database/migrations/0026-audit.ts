// Who did what, only ever added to: each line carries the hash of the one before it, so that one that is taken out or changed shows.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table audit (
      number int not null primary key,
      at datetime(3) not null,
      who varchar(50) not null,
      source varchar(50) not null,
      deed varchar(50) character set ascii collate ascii_bin not null,
      subject varchar(200) not null,
      outcome varchar(500) not null,
      hash char(43) character set ascii collate ascii_bin not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
