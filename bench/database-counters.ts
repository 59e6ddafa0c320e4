import type { Database } from '../control-plane/database/database.ts'

/** What a MariaDB has done since it started. */
export type DatabaseCounters = { statements: number; commits: number; syncs: number }

type Tables = { GLOBAL_STATUS: { VARIABLE_NAME: string; VARIABLE_VALUE: string } }

/** Reading them is a statement too. */
export async function readCounters(db: Database): Promise<DatabaseCounters> {
  const rows = await db
    .withTables<Tables>()
    .withSchema('information_schema')
    .selectFrom('GLOBAL_STATUS')
    .selectAll()
    .where('VARIABLE_NAME', 'in', ['QUESTIONS', 'HANDLER_COMMIT', 'INNODB_DATA_FSYNCS'])
    .execute()
  const value = (name: string) =>
    Number(rows.find((row) => row.VARIABLE_NAME === name)?.VARIABLE_VALUE ?? Number.NaN)
  return {
    statements: value('QUESTIONS') - 1,
    commits: value('HANDLER_COMMIT'),
    syncs: value('INNODB_DATA_FSYNCS'),
  }
}

export const countedSince = (before: DatabaseCounters, after: DatabaseCounters): DatabaseCounters => ({
  statements: after.statements - before.statements - 1,
  commits: after.commits - before.commits,
  syncs: after.syncs - before.syncs,
})
