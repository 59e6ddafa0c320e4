import type { Database } from '../database/database.ts'

export type DiagnosticsRepository = ReturnType<typeof diagnosticsRepository>

export function diagnosticsRepository(db: Database) {
  return {
    save: (commandId: string, text: string, at: Date) =>
      db
        .insertInto('diagnostics')
        .values({ command_id: commandId, text, taken_at: at })
        .onDuplicateKeyUpdate({ text, taken_at: at })
        .execute(),

    find: (commandId: string) =>
      db.selectFrom('diagnostics').selectAll().where('command_id', '=', commandId).executeTakeFirst(),

    /** Those of these commands that have something to show. */
    among: async (commandIds: string[]) =>
      commandIds.length === 0
        ? []
        : (
            await db
              .selectFrom('diagnostics')
              .select('command_id')
              .where('command_id', 'in', commandIds)
              .execute()
          ).map(({ command_id }) => command_id),

    async removeTaken(before: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('diagnostics')
        .where('taken_at', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
