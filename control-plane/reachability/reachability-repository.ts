import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type ReachabilityRepository = ReturnType<typeof reachabilityRepository>

type ProbeFact = {
  nodeId: string
  family: 4 | 6
  address: string
  reachable: boolean
  cause?: string | undefined
  at: Date
}

export function reachabilityRepository(db: Database) {
  return {
    /** `since` moves only when the answer changes. It is assigned first: what stands after it reads the new row. */
    recordFact: ({ nodeId, family, address, reachable, cause, at }: ProbeFact) =>
      db
        .insertInto('reachability')
        .values({
          node_id: nodeId,
          family,
          address,
          reachable,
          cause: cause ?? null,
          since: at,
          checked_at: at,
        })
        .onDuplicateKeyUpdate({
          since: sql`if(reachable = values(reachable), since, values(since))`,
          reachable,
          address,
          cause: cause ?? null,
          checked_at: at,
        })
        .execute(),

    /** From now on viewers are sent there, unless the node has meanwhile asked to be found elsewhere. */
    recordProven: (nodeId: string, address: string) =>
      db
        .updateTable('lease')
        .set({ proven: address })
        .where('node_id', '=', nodeId)
        .where('claimed', '=', address)
        .execute(),
  }
}
