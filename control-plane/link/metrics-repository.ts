import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type MetricsRepository = ReturnType<typeof metricsRepository>
export type HeardMetrics = { nodeId: string; metrics: NodeMetrics; at: Date }

export function metricsRepository(db: Database) {
  return {
    /** The latest of each node, many nodes in one statement. */
    saveLatest: (heard: HeardMetrics[]) =>
      db
        .insertInto('node_metrics')
        .values(
          heard.map(({ nodeId, metrics, at }) => ({
            node_id: nodeId,
            metrics: JSON.stringify(metrics),
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
