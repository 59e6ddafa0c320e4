// Messages overtake each other: by the number of its request it is known which one said where a node can be found as well.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table other_address
      add column epoch bigint not null default 0,
      add column number bigint not null default 0
  `.execute(db)
}
