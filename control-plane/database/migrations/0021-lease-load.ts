// What a node sends to its viewers as of its last heartbeat, and the most that it has ever been seen to send.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table lease
      add column load_viewers int,
      add column load_bits bigint,
      add column most_bits bigint
  `.execute(db)
}
