// The address of the other family at which a node asks for viewers as well, and whether a probe has found it there.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table other_address (
      node_id char(20) character set ascii collate ascii_bin not null primary key,
      family tinyint not null,
      address varchar(45) character set ascii collate ascii_bin not null,
      source varchar(45) character set ascii collate ascii_bin not null,
      proven tinyint(1) not null,
      counts_until datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
