import type { ConfigurationReport } from '@sixcast/shared/contract/configuration.ts'
import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import { isDuplicateKey } from '../database/duplicate-key.ts'
import type { Tables } from '../database/tables.ts'

export type ConfigurationRepository = ReturnType<typeof configurationRepository>
export type ConfigurationRow = Selectable<Tables['configuration']>

export function configurationRepository(db: Database) {
  const of = (nodeId: string) =>
    db.selectFrom('configuration').selectAll().where('node_id', '=', nodeId).orderBy('version', 'desc')

  return {
    newest: (nodeId: string) => of(nodeId).limit(1).executeTakeFirst(),

    find: (nodeId: string, version: number) => of(nodeId).where('version', '=', version).executeTakeFirst(),

    /** The newest first. */
    list: (nodeId: string, most: number) => of(nodeId).limit(most).execute(),

    /** False when somebody else has made this version. */
    async add(row: Insertable<Tables['configuration']>): Promise<boolean> {
      try {
        await db.insertInto('configuration').values(row).execute()
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** The newest version of every node, or of those that have had a new one since. */
    newestOfAll: (since?: Date) =>
      db
        .selectFrom('configuration')
        .innerJoin(
          (eb) =>
            eb
              .selectFrom('configuration')
              .select(({ fn }) => ['node_id', fn.max('version').as('version')])
              .$if(since !== undefined, (query) => query.where('made_at', '>=', since ?? new Date()))
              .groupBy('node_id')
              .as('last'),
          (join) =>
            join
              .onRef('last.node_id', '=', 'configuration.node_id')
              .onRef('last.version', '=', 'configuration.version'),
        )
        .select(['configuration.node_id', 'configuration.version', 'configuration.settings'])
        .execute(),

    /** What a node reports of a version that there is. False when there is no such version. */
    async saveReport(nodeId: string, report: ConfigurationReport, at: Date): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('configuration')
        .set({
          state: report.state,
          steps: JSON.stringify(report.steps),
          in_force: report.inForce,
          cause: report.cause ?? null,
          reported_at: at,
        })
        .where('node_id', '=', nodeId)
        .where('version', '=', report.version)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Of nodes that are gone for good. */
    async removeOfRevoked() {
      const { numDeletedRows } = await db
        .deleteFrom('configuration')
        .where('node_id', 'in', (eb) =>
          eb.selectFrom('node').select('id').where('revoked_at', 'is not', null),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
