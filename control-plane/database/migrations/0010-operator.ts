// Who may act on the fleet. The password is kept as scrypt makes it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table operator (
      name varchar(50) not null primary key,
      password_hash varchar(200) character set ascii collate ascii_bin not null,
      created_at datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
