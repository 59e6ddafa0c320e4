// Two machines with the same key take turns in one lease. Which process spoke last, and which before it, tells them from one that restarts.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table lease
      add column instance char(16) character set ascii collate ascii_bin,
      add column previous_instance char(16) character set ascii collate ascii_bin,
      add column quarantined_until datetime(3)
  `.execute(db)
}
