// What each operator may do. Whoever was one before may do everything, as before.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table operator
      add column role varchar(10) character set ascii collate ascii_bin not null default 'admin'
  `.execute(db)
}
