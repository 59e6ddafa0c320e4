import type { Database } from '../database/database.ts'
import { peopleRows } from './people-rows.ts'

export type OperatorRepository = ReturnType<typeof operatorRepository>

export function operatorRepository(db: Database) {
  return {
    ...peopleRows(db),

    find: (name: string) => db.selectFrom('operator').selectAll().where('name', '=', name).executeTakeFirst(),

    /** A new password ends all sessions that were opened with the old one. */
    setPassword: (name: string, passwordHash: string, at: Date) =>
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('operator')
          .values({ name, password_hash: passwordHash, created_at: at })
          .onDuplicateKeyUpdate({ password_hash: passwordHash })
          .execute()
        await trx.deleteFrom('operator_session').where('operator_name', '=', name).execute()
      }),

    /** Who gets a new password from somebody else may have lost the old one to somebody: what was made with it goes, too. */
    removeTokens: (name: string) => db.deleteFrom('api_token').where('operator_name', '=', name).execute(),

    addSession: (session: {
      token_hash: string
      operator_name: string
      created_at: Date
      expires_at: Date
      source: string
      agent: string
    }) => db.insertInto('operator_session').values(session).execute(),

    findSession: (tokenHash: string, at: Date) =>
      db
        .selectFrom('operator_session as session')
        // Read at each request: what is taken from somebody is so at once.
        .innerJoin('operator', 'operator.name', 'session.operator_name')
        .select(['session.operator_name', 'session.created_at', 'session.seen_at', 'session.expires_at'])
        .select('operator.role')
        .where('session.token_hash', '=', tokenHash)
        .where('session.expires_at', '>', at)
        .executeTakeFirst(),

    recordVisit: (tokenHash: string, at: Date, { source, agent }: { source: string; agent: string }) =>
      db
        .updateTable('operator_session')
        .set({ seen_at: at, source, agent })
        .where('token_hash', '=', tokenHash)
        .execute(),

    listSessions: (name: string, at: Date) =>
      db
        .selectFrom('operator_session')
        .selectAll()
        .where('operator_name', '=', name)
        .where('expires_at', '>', at)
        .execute(),

    removeSession: (tokenHash: string) =>
      db.deleteFrom('operator_session').where('token_hash', '=', tokenHash).execute(),

    removeSessionsBut: (name: string, tokenHash: string) =>
      db
        .deleteFrom('operator_session')
        .where('operator_name', '=', name)
        .where('token_hash', '!=', tokenHash)
        .execute(),

    async removeExpiredSessions(at: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('operator_session')
        .where('expires_at', '<=', at)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
