// What was done to one node or stream is shown on its page.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create index audit_subject on audit (subject(40), number)`.execute(db)
}
