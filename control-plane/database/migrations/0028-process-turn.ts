// Of several control-plane processes one does what must not be done twice at once: whose turn it is, and until when.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table process_turn (
      name varchar(20) character set ascii collate ascii_bin not null primary key,
      holder char(16) character set ascii collate ascii_bin not null,
      until datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
