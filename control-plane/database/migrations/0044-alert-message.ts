// What is to be told, kept until it was: a mail server may be away, and this process may end.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert_message (
      id char(16) character set ascii collate ascii_bin not null primary key,
      channel_id char(8) character set ascii collate ascii_bin not null,
      incident_id char(12) character set ascii collate ascii_bin not null,
      kind varchar(6) character set ascii collate ascii_bin not null,
      content mediumtext not null,
      made_at datetime(3) not null,
      attempts int not null default 0,
      next_at datetime(3),
      error varchar(500),
      sent_at datetime(3),
      given_up_at datetime(3),
      key alert_message_next_at (next_at),
      key alert_message_channel_id (channel_id, made_at),
      key alert_message_incident_id (incident_id)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
