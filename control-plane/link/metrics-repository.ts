import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type MetricsRepository = ReturnType<typeof metricsRepository>
/** As it is written: what waits as one text costs a third of what it is made of. */
export type HeardMetrics = { nodeId: string; text: string; at: Date }

export function metricsRepository(db: Database) {
  return {
    /** The latest of each node, many nodes in one statement. */
    saveLatest: (heard: HeardMetrics[]) =>
      db
        .insertInto('node_metrics')
        .values(
          heard.map(({ nodeId, text, at }) => ({
            node_id: nodeId,
            metrics: text,
            received_at: at,
          })),
        )
        .onDuplicateKeyUpdate({
          metrics: sql`values(metrics)`,
          received_at: sql`values(received_at)`,
        })
        .execute(),

    /** A revoked node never comes back. */
    async removeOfRevoked() {
      const { numDeletedRows } = await db
        .deleteFrom('node_metrics')
        .where('node_id', 'in', (eb) =>
          eb.selectFrom('node').select('id').where('revoked_at', 'is not', null),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
