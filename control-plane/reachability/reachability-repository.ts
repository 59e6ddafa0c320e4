import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type ReachabilityRepository = ReturnType<typeof reachabilityRepository>

type ProbeFact = {
  nodeId: string
  family: 4 | 6
  address: string
  reachable: boolean
  cause?: string
  at: Date
}

/** How soon a node is probed again. */
type Patience = { reachableMs: number; unreachableMs: number }
type Selection = { most: number; besides: string[] }

export function reachabilityRepository(db: Database) {
  const claims = db
    .selectFrom('lease')
    .innerJoin('node', 'node.id', 'lease.node_id')
    .select(['node.id', 'node.public_key', 'lease.claimed', 'lease.source'])
    .select(['lease.cdn_port', 'lease.playback_port'])
    .where('node.revoked_at', 'is', null)
    .where('lease.claimed', 'is not', null)

  return {
    /** What one node asks to be found at; absent without a lease or an address, or when it is revoked. */
    findClaim: (nodeId: string, at: Date) =>
      claims.where('node.id', '=', nodeId).where('lease.ends_at', '>', at).executeTakeFirst(),

    /** The nodes with a lease whose last probe is older than its result allows, who has waited longest first. */
    listDue: (at: Date, { reachableMs, unreachableMs }: Patience, { most, besides }: Selection) =>
      claims
        .leftJoin('reachability', (join) =>
          join
            .onRef('reachability.node_id', '=', 'node.id')
            .onRef('reachability.address', '=', 'lease.claimed'),
        )
        .where('lease.ends_at', '>', at)
        .where(({ or, and, eb }) =>
          or([
            eb('reachability.checked_at', 'is', null),
            eb('reachability.checked_at', '<=', new Date(at.getTime() - reachableMs)),
            and([
              eb('reachability.reachable', '=', false),
              eb('reachability.checked_at', '<=', new Date(at.getTime() - unreachableMs)),
            ]),
          ]),
        )
        .$if(besides.length > 0, (query) => query.where('node.id', 'not in', besides))
        .orderBy('reachability.checked_at') // null, never probed, is before all
        .limit(most)
        .execute(),

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
