// What operators want of a rule instead of what it comes with.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert_rule (
      rule varchar(40) character set ascii collate ascii_bin not null primary key,
      enabled tinyint(1) not null,
      threshold double,
      for_seconds int,
      changed_by varchar(50) not null,
      changed_at datetime(3) not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
