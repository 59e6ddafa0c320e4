import { OTHER_ADDRESS } from '@sixcast/shared/contract/other-address.ts'
import { sql } from 'kysely'
import { familyOf } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'

export type OtherAddressRepository = ReturnType<typeof otherAddressRepository>

export function otherAddressRepository(db: Database) {
  return {
    /** True when the node was not asked to be found there before. */
    async keep({ nodeId, address, source }: { nodeId: string; address: string; source: string }) {
      const columns = { family: familyOf(address), address, source, counts_until: COUNTS_UNTIL }
      const before = await db
        .selectFrom('other_address as other')
        .innerJoin('lease', 'lease.node_id', 'other.node_id')
        .select(['other.address', otherAddressCounts.as('counts')])
        .where('other.node_id', '=', nodeId)
        .executeTakeFirst()
      // What was found there while it did not count, or before, says nothing.
      const isKept = before?.address === address && Boolean(before.counts)
      await db
        .insertInto('other_address')
        .values({ node_id: nodeId, proven: false, ...columns })
        // Assigned first: what stands after it is the new row's.
        .onDuplicateKeyUpdate({ proven: sql`proven and ${isKept}`, ...columns })
        .execute()
      return !isKept
    },

    drop: (nodeId: string) => db.deleteFrom('other_address').where('node_id', '=', nodeId).execute(),

    /** What has not been said again for long. */
    async removeOutdated() {
      const { numDeletedRows } = await db
        .deleteFrom('other_address')
        .where('counts_until', '<=', NOW)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

/** By the clock of the database, as it is read. */
const NOW = sql<Date>`utc_timestamp(3)`
const COUNTS_UNTIL = sql<Date>`utc_timestamp(3) + interval ${OTHER_ADDRESS.countsForSeconds} second`
