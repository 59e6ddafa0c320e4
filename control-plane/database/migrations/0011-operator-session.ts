// A login that outlives restarts. The cookie's secret is kept only as its hash.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table operator_session (
      token_hash char(43) character set ascii collate ascii_bin not null primary key,
      operator_name varchar(50) not null,
      created_at datetime(3) not null,
      expires_at datetime(3) not null,
      key operator_session_expires_at (expires_at)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
