import { sql } from 'kysely'
import { familyOf } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import type { SegmentResult } from './ask-segment.ts'

export type SegmentRepository = ReturnType<typeof segmentRepository>

type SegmentFact = { nodeId: string; address: string; stream: string; result: SegmentResult; at: Date }

export function segmentRepository(db: Database) {
  return {
    async listNodesWithLive(at: Date): Promise<Set<string>> {
      const rows = await db
        .selectFrom('stream_report')
        .select('node_id')
        .distinct()
        .where('state', '=', 'live')
        .where('lives_until', '>', at)
        .execute()
      return new Set(rows.map(({ node_id }) => node_id))
    },

    /** One stream that is live on this node; absent when there is none. */
    findLive: (nodeId: string, at: Date) =>
      db
        .selectFrom('stream_report')
        .select(['stream_name as stream', 'manifest'])
        .where('node_id', '=', nodeId)
        .where('state', '=', 'live')
        .where('lives_until', '>', at)
        .orderBy('state_since')
        .limit(1)
        .executeTakeFirst(),

    /** `since` moves when the answer changes, or the address. It is assigned first: what stands after it reads the new row. */
    recordFact({ nodeId, address, stream, result, at }: SegmentFact) {
      const fetched = result.is === 'fetched'
      const columns = {
        address,
        stream_name: stream,
        fetched,
        checked_at: at,
        bytes: fetched ? result.bytes : null,
        milliseconds: fetched ? result.milliseconds : null,
        cause: fetched ? null : result.cause,
      }
      return db
        .insertInto('segment_fact')
        .values({ node_id: nodeId, family: familyOf(address), since: at, ...columns })
        .onDuplicateKeyUpdate({
          since: sql`if(fetched = values(fetched) and address = values(address), since, values(since))`,
          ...columns,
        })
        .execute()
    },
  }
}
