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

type Found = { nodeId: string; address: string }

/** Of a large fleet hundreds are found each second, nearly all as they were before. */
export const FOUND_TOGETHER = { lingerMs: 50 }

export function reachabilityRepository(db: Database) {
  return {
    /** `since` moves only when the answer changes. It is assigned first: what stands after it reads the new row. Many in one statement. */
    recordFact: gatheredWrites(
      (facts: ProbeFact[]) =>
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
      FOUND_TOGETHER,
    ),

    /** From now on viewers are sent there, unless the node has meanwhile asked to be found elsewhere. */
    recordProven: gatheredWrites((found: Found[]) =>
      db
        .updateTable('lease')
        .set(({ ref }) => ({ proven: ref('claimed') }))
        .where(({ or, and, eb }) =>
          or(
            found.map(({ nodeId, address }) =>
              and([eb('node_id', '=', nodeId), eb('claimed', '=', address)]),
            ),
          ),
        )
        .execute(),
    ),

    /** The same of an address of the other family. */
    recordOtherProven: ({ nodeId, address }: Found) =>
      db
        .updateTable('other_address')
        .set({ proven: true })
        .where('node_id', '=', nodeId)
        .where('address', '=', address)
        .execute(),
  }
}
