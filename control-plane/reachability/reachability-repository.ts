import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { gatheredWrites } from '../database/gathered.ts'

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
    /** `since` moves only when the answer changes. It is assigned first: what stands after it reads the new row. Many in one statement. */
    recordFact: gatheredWrites((facts: ProbeFact[]) =>
      db
        .insertInto('reachability')
        .values(
          facts.map(({ nodeId, family, address, reachable, cause, at }) => ({
            node_id: nodeId,
            family,
            address,
            reachable,
            cause: cause ?? null,
            since: at,
            checked_at: at,
          })),
        )
        .onDuplicateKeyUpdate({
          since: sql`if(reachable = values(reachable), since, values(since))`,
          reachable: sql`values(reachable)`,
          address: sql`values(address)`,
          cause: sql`values(cause)`,
          checked_at: sql`values(checked_at)`,
        })
        .execute(),
    ),

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
