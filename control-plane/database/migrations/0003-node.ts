// Who a node is, and which numbers of its requests were seen (shared/contract/number-window.ts).
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table node (
      id char(20) character set ascii collate ascii_bin not null primary key,
      public_key char(43) character set ascii collate ascii_bin not null,
      name varchar(100) not null,
      hardware varchar(100) not null,
      enrolled_at datetime(3) not null,
      revoked_at datetime(3),
      epoch bigint not null default 0,
      highest_number bigint not null default 0,
      seen_numbers bigint unsigned not null default 0
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
