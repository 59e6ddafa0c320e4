// Where alerts are told: by mail, or to a program that checks our signature, for which its secret is kept as it is.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert_channel (
      id char(8) character set ascii collate ascii_bin not null primary key,
      kind varchar(7) character set ascii collate ascii_bin not null,
      target varchar(2000) not null,
      secret varchar(64) character set ascii collate ascii_bin,
      made_by varchar(50) not null,
      made_at datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
