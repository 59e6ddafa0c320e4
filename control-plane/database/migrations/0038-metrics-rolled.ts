// Up to where the rolling up of measurements has come, in hours and in days.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table metrics_rolled (
      kind varchar(10) character set ascii collate ascii_bin not null primary key,
      next int unsigned not null
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
