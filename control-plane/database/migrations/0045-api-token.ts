// What a program brings to act for somebody, kept only as its hash. It narrows what its owner may do, and never widens it.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table api_token (
      id char(12) character set ascii collate ascii_bin not null primary key,
      token_hash char(43) character set ascii collate ascii_bin not null unique,
      operator_name varchar(50) not null,
      name varchar(40) not null,
      scope varchar(10) character set ascii collate ascii_bin not null,
      created_at datetime(3) not null,
      expires_at datetime(3) not null,
      used_at datetime(3),
      used_from varchar(50),
      key api_token_operator_name (operator_name)
    ) character set utf8mb4 collate utf8mb4_bin
  `.execute(db)
}
