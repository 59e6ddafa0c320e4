import type { Database } from '../database/database.ts'
import { isDuplicateKey } from '../database/duplicate-key.ts'
import type { Role } from './roles.ts'

/** Who may log in, and as what. */
export function peopleRows(db: Database) {
  return {
    /** False when the name is taken. */
    async add(operator: { name: string; password_hash: string; created_at: Date; role: Role }) {
      try {
        await db.insertInto('operator').values(operator).execute()
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** By name, with how many logins of each are open, and how many tokens he has. */
    list: (at: Date) =>
      db
        .selectFrom('operator')
        .leftJoin('operator_session as session', (join) =>
          join.onRef('session.operator_name', '=', 'operator.name').on('session.expires_at', '>', at),
        )
        .select(['operator.name', 'operator.role', 'operator.created_at'])
        .select(({ fn }) => [
          fn.count<number>('session.token_hash').as('logins'),
          fn.max('session.created_at').as('logged_in_at'),
        ])
        .select(({ selectFrom }) =>
          selectFrom('api_token')
            .whereRef('api_token.operator_name', '=', 'operator.name')
            .select(({ fn }) => fn.countAll<number>().as('tokens'))
            .as('tokens'),
        )
        .groupBy(['operator.name', 'operator.role', 'operator.created_at'])
        .orderBy('operator.name')
        .execute(),

    /** There must be an admin left: false when this was the last, or is nobody. */
    async changeRole(name: string, role: Role) {
      return db.transaction().execute(async (trx) => {
        if (!(await isSparable(trx, name, role === 'admin'))) return false
        await trx.updateTable('operator').set({ role }).where('name', '=', name).execute()
        return true
      })
    },

    async remove(name: string) {
      return db.transaction().execute(async (trx) => {
        if (!(await isSparable(trx, name, false))) return false
        for (const table of ['operator_session', 'api_token'] as const)
          await trx.deleteFrom(table).where('operator_name', '=', name).execute()
        await trx.deleteFrom('operator').where('name', '=', name).execute()
        return true
      })
    },
  }
}

/** Locks all of them, so that two admins cannot remove each other at once. */
async function isSparable(trx: Database, name: string, staysAdmin: boolean): Promise<boolean> {
  const all = await trx.selectFrom('operator').select(['name', 'role']).forUpdate().execute()
  const isThere = all.some((one) => one.name === name)
  return isThere && (staysAdmin || all.some((one) => one.role === 'admin' && one.name !== name))
}
