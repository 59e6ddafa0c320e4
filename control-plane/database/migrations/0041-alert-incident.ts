// Alerts that belong together are told as one, and somebody may say that he sees to it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert_incident (
      id char(12) character set ascii collate ascii_bin not null primary key,
      begun_at datetime(3) not null,
      joined_at datetime(3) not null,
      ended_at datetime(3),
      told_at datetime(3),
      told_count int not null default 0,
      told_severity varchar(4) character set ascii collate ascii_bin,
      grown_at datetime(3),
      over_told_at datetime(3),
      acknowledged_by varchar(50),
      acknowledged_at datetime(3),
      key alert_incident_ended_at (ended_at)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
