import type { Database } from '../database/database.ts'
import type { SeriesName } from '../history/series.ts'
import { NO_PULL, type Pulled, type PullRule } from './pull-rule.ts'

export type PullRepository = ReturnType<typeof pullRepository>
export type PullTrouble = { nodeId: string; name: string; since: Date; cause: string }

/** In place of a node's id: what holds for all that have no rule of their own. */
export const FLEET = '*'

export function pullRepository(db: Database) {
  return {
    async rules(): Promise<Map<string, PullRule>> {
      const rows = await db.selectFrom('metrics_pull').selectAll().execute()
      return new Map(rows.map((row) => [row.node_id, ruleOf(row)]))
    },

    save(nodeId: string, { pulled, address, port, seconds, series }: PullRule) {
      const columns = {
        ...{ pulled, seconds },
        address: address ?? null,
        port: port ?? null,
        series: series?.join(',') ?? null,
      }
      return db
        .insertInto('metrics_pull')
        .values({ node_id: nodeId, ...columns })
        .onDuplicateKeyUpdate(columns)
        .execute()
    },

    /** From then on the fleet's rule holds for it. */
    remove: (nodeId: string) => db.deleteFrom('metrics_pull').where('node_id', '=', nodeId).execute(),

    /** Every node whose measurements are asked for. */
    async listPulled(): Promise<Pulled[]> {
      const rules = await this.rules()
      const fleet = rules.get(FLEET) ?? NO_PULL
      const some = [...rules].filter(([id, { pulled }]) => id !== FLEET && pulled).map(([id]) => id)
      if (!fleet.pulled && some.length === 0) return []
      const rows = await db
        .selectFrom('node')
        .leftJoin('lease', 'lease.node_id', 'node.id')
        .select(['node.id', 'lease.proven', 'lease.playback_port'])
        .where('node.revoked_at', 'is', null)
        .$if(!fleet.pulled, (query) => query.where('node.id', 'in', some))
        .execute()
      return rows
        .map((row) => ({
          nodeId: row.id,
          ...(row.proven !== null && { proven: row.proven }),
          ...(row.playback_port !== null && { playbackPort: row.playback_port }),
          rule: rules.get(row.id) ?? fleet,
        }))
        .filter(({ rule }) => rule.pulled)
    },

    /** The time at which it began stays. */
    saveTrouble: (nodeId: string, cause: string, at: Date) =>
      db
        .insertInto('metrics_pull_trouble')
        .values({ node_id: nodeId, since: at, cause })
        .onDuplicateKeyUpdate({ cause })
        .execute(),

    endTrouble: (nodeId: string) =>
      db.deleteFrom('metrics_pull_trouble').where('node_id', '=', nodeId).execute(),

    async troubles(): Promise<PullTrouble[]> {
      const rows = await db
        .selectFrom('metrics_pull_trouble as trouble')
        .innerJoin('node', 'node.id', 'trouble.node_id')
        .select(['node.id', 'node.name', 'trouble.since', 'trouble.cause'])
        .where('node.revoked_at', 'is', null)
        .orderBy('trouble.since')
        .execute()
      return rows.map(({ id, ...trouble }) => ({ nodeId: id, ...trouble }))
    },
  }
}

type Row = {
  pulled: boolean
  address: string | null
  port: number | null
  seconds: number
  series: string | null
}

const ruleOf = ({ pulled, seconds, address, port, series }: Row): PullRule => ({
  ...{ pulled, seconds },
  ...(address !== null && { address }),
  ...(port !== null && { port }),
  ...(series !== null && { series: series.split(',') as SeriesName[] }),
})
