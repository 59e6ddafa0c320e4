// Whoever is logged in sees where else he is: from which address, with what, and when last.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table operator_session
      add column seen_at datetime(3),
      add column source varchar(50) not null default '',
      add column agent varchar(200) not null default ''
  `.execute(db)
}
