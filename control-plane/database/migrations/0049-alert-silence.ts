// Nobody is told what somebody knows already: of everything, a rule, a node or one incident, for a while or until it is over.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert_silence (
      id char(8) character set ascii collate ascii_bin not null primary key,
      scope varchar(8) character set ascii collate ascii_bin not null,
      scope_id varchar(64) character set ascii collate ascii_bin not null,
      until datetime(3),
      reason varchar(200) not null,
      made_by varchar(50) not null,
      made_at datetime(3) not null,
      ended_at datetime(3)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
