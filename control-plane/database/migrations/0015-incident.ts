// When the prober rather than the nodes seemed to fail, how many seemed to, and until when: null while it lasts.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table incident (
      kind varchar(12) character set ascii collate ascii_bin not null,
      family tinyint not null,
      since datetime(3) not null,
      until datetime(3),
      failing int,
      lately int,
      cause varchar(300),
      primary key (kind, family, since)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
