// How a stream stands on the landing page: under which heading, in which place, and whether at all.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table stream
      add column category varchar(60) not null default '',
      add column shown varchar(10) character set ascii collate ascii_bin not null default 'public',
      add column place int not null default 0
  `.execute(db)
}
