// Who did something may be a token of somebody: his name and its name stand in the record.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table audit modify column who varchar(110) not null`.execute(db)
}
