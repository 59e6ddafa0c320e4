// What a rule has found of a node, a stream or the fleet, from the first time that it fires to its end, and ninety days beyond.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert (
      id char(12) character set ascii collate ascii_bin not null primary key,
      rule varchar(40) character set ascii collate ascii_bin not null,
      subject_kind varchar(6) character set ascii collate ascii_bin not null,
      subject_id varchar(64) character set ascii collate ascii_bin not null,
      subject_name varchar(200) not null,
      node_id char(20) character set ascii collate ascii_bin,
      state varchar(8) character set ascii collate ascii_bin not null,
      since datetime(3) not null,
      clear_since datetime(3),
      resolved_at datetime(3),
      peak double,
      says varchar(500) not null,
      incident_id char(12) character set ascii collate ascii_bin,
      key alert_state (state),
      key alert_incident_id (incident_id)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
