// The fleet's own key: made once, and never again, or every claim and every node would have to be renewed.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table fleet_key (
      id tinyint not null primary key,
      private_key text not null,
      created_at datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
