// An installer reads the verdict on a node on his phone, by a secret link instead of a login. One of each maker: the node, an operator.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table verdict_link (
      node_id char(20) character set ascii collate ascii_bin not null,
      maker varchar(10) character set ascii collate ascii_bin not null,
      secret_hash char(43) character set ascii collate ascii_bin not null,
      expires_at datetime(3) not null,
      primary key (node_id, maker),
      key verdict_link_secret (secret_hash)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
