// The hourly sweep asks for the newest report of each stream, and for what is older than that.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table stream_report add key stream_report_age (stream_name, lives_until)`.execute(db)
}
