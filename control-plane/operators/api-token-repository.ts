import type { Database } from '../database/database.ts'
import type { Scope } from './token-scopes.ts'

export type ApiTokenRepository = ReturnType<typeof apiTokenRepository>

type NewToken = {
  id: string
  token_hash: string
  operator_name: string
  name: string
  scope: Scope
  created_at: Date
  expires_at: Date
}

/** The tokens of people who are there: whoever is removed takes his along. */
export function apiTokenRepository(db: Database) {
  return {
    add: (token: NewToken) => db.insertInto('api_token').values(token).execute(),

    /** With the role of its owner as it is now. Also one that has expired: it is told so. */
    find: (tokenHash: string) =>
      db
        .selectFrom('api_token as token')
        .innerJoin('operator', 'operator.name', 'token.operator_name')
        .selectAll('token')
        .select('operator.role')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst(),

    /** The latest first. */
    listOf: (operatorName: string) =>
      db
        .selectFrom('api_token')
        .selectAll()
        .where('operator_name', '=', operatorName)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute(),

    recordUse: (id: string, at: Date, from: string) =>
      db.updateTable('api_token').set({ used_at: at, used_from: from }).where('id', '=', id).execute(),

    /** False when there is none of this person. */
    async remove(operatorName: string, id: string) {
      const { numDeletedRows } = await db
        .deleteFrom('api_token')
        .where('operator_name', '=', operatorName)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    async removeExpired(before: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('api_token')
        .where('expires_at', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
