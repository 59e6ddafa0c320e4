// A claim is kept only as the hash of its secret, so a stolen database enrols nobody.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table claim (
      id char(12) character set ascii collate ascii_bin not null primary key,
      secret_hash char(43) character set ascii collate ascii_bin not null unique,
      created_at datetime(3) not null,
      expires_at datetime(3) not null,
      revoked_at datetime(3),
      used_at datetime(3),
      node_id char(20) character set ascii collate ascii_bin
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
