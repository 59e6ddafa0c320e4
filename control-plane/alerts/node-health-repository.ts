import type { Database } from '../database/database.ts'
import { type NodeHealth, nodeHealth } from './node-health.ts'

export type NodeHealthRepository = ReturnType<typeof nodeHealthRepository>

/** What ten thousand nodes tell is thirty megabytes: in pages of so many nobody waits for it. */
const PAGE = 500

export function nodeHealthRepository(db: Database) {
  const page = (after: string, since: Date) =>
    db
      .selectFrom('node_metrics')
      .selectAll()
      .where('node_id', '>', after)
      .where('received_at', '>', since)
      .orderBy('node_id')
      .limit(PAGE)
      .execute()

  return {
    /** Of every node that has told it since then, by its id. */
    async readSince(since: Date): Promise<Map<string, NodeHealth>> {
      const all = new Map<string, NodeHealth>()
      for (let after = ''; ; ) {
        const rows = await page(after, since)
        for (const { node_id, metrics, received_at } of rows) {
          const health = nodeHealth(metrics, received_at)
          if (health) all.set(node_id, health)
        }
        after = rows.at(-1)?.node_id ?? ''
        if (rows.length < PAGE) return all
      }
    },
  }
}
