import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'

export type CommandRepository = ReturnType<typeof commandRepository>
export type CommandRow = Selectable<Tables['command']>
type State = CommandRow['state']

const UNBEGUN: State[] = ['asked', 'fetched']
const OPEN: State[] = [...UNBEGUN, 'acknowledged']

export function commandRepository(db: Database) {
  const update = (changes: Partial<CommandRow>, from: State[]) =>
    db.updateTable('command').set(changes).where('state', 'in', from)
  const select = () => db.selectFrom('command').selectAll()

  /** False when it is over already. */
  async function settle(id: string, changes: Pick<CommandRow, 'state' | 'outcome' | 'settled_at'>) {
    const { numUpdatedRows } = await update(changes, OPEN).where('id', '=', id).executeTakeFirst()
    return numUpdatedRows > 0n
  }

  return {
    add: (row: Insertable<Tables['command']>) => db.insertInto('command').values(row).execute(),

    /** The latest first. */
    list: (nodeId: string, most: number) =>
      select().where('node_id', '=', nodeId).orderBy('asked_at', 'desc').limit(most).execute(),

    find: (nodeId: string, id: string) =>
      select().where('node_id', '=', nodeId).where('id', '=', id).executeTakeFirst(),

    async countOpen(nodeId: string) {
      const query = db.selectFrom('command').where('node_id', '=', nodeId).where('state', 'in', OPEN)
      const { open } = await query
        .select(({ fn }) => fn.countAll<string>().as('open'))
        .executeTakeFirstOrThrow()
      return Number(open)
    },

    /** All that nobody has begun yet. */
    listUnbegun: (at: Date) => select().where('state', 'in', UNBEGUN).where('expires_at', '>', at).execute(),

    /** Handed to its node, again if it has not said that it has them. */
    fetch: async (nodeId: string, at: Date) => {
      const rows = await select()
        .where('node_id', '=', nodeId)
        .where('state', 'in', UNBEGUN)
        .where('expires_at', '>', at)
        .orderBy('asked_at')
        .execute()
      await update({ state: 'fetched' }, ['asked']).where('node_id', '=', nodeId).execute()
      return rows
    },

    /** True for one alone: nobody else begins it. */
    async begin(id: string, at: Date) {
      const begun = update({ state: 'acknowledged', begun_at: at }, UNBEGUN).where('id', '=', id)
      return (await begun.executeTakeFirst()).numUpdatedRows > 0n
    },

    settle,

    /** What nobody has begun in time, and what has begun and never ended. */
    async giveUp(at: Date, { unbegun, unended }: { unbegun: string; unended: string }) {
      await update({ state: 'expired', outcome: unbegun, settled_at: at }, UNBEGUN)
        .where('expires_at', '<=', at)
        .execute()
      const begun = await select().where('state', '=', 'acknowledged').execute()
      const over = begun.filter(
        ({ begun_at, timeout_seconds }) => at.getTime() - (begun_at?.getTime() ?? 0) > timeout_seconds * 1000,
      )
      for (const { id } of over) await settle(id, { state: 'failed', outcome: unended, settled_at: at })
    },

    async removeSettled(before: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('command')
        .where('settled_at', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
