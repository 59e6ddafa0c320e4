import { OTHER_ADDRESS } from '@sixcast/shared/contract/other-address.ts'
import { sql } from 'kysely'
import { familyOf } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'

export type OtherAddressRepository = ReturnType<typeof otherAddressRepository>

/** Which request of which node. */
type Request = { nodeId: string; epoch: number; number: number }
type Said = Request & { address: string; source: string }

export function otherAddressRepository(db: Database) {
  return {
    /** True when the node was not asked to be found there before. An older message that was overtaken changes nothing. */
    async keep({ nodeId, address, source, epoch, number }: Said): Promise<boolean> {
      const before = await db
        .selectFrom('other_address as other')
        .innerJoin('lease', 'lease.node_id', 'other.node_id')
        .select(['other.address', 'other.epoch', 'other.number', otherAddressCounts.as('counts')])
        .where('other.node_id', '=', nodeId)
        .executeTakeFirst()
      if (before && (before.epoch > epoch || (before.epoch === epoch && before.number >= number)))
        return false
      // What was found there while it did not count, or before, says nothing.
      const isKept = before?.address === address && Boolean(before.counts)
      const row = { family: familyOf(address), address, source, counts_until: COUNTS_UNTIL }
      const isNewer = newerThan({ epoch, number })
      await db
        .insertInto('other_address')
        .values({ node_id: nodeId, proven: false, ...row, epoch, number })
        .onDuplicateKeyUpdate({
          // Assigned one after the other: what decides comes last.
          proven: sql`if(${isNewer}, proven and ${isKept}, proven)`,
          family: sql`if(${isNewer}, values(family), family)`,
          address: sql`if(${isNewer}, values(address), address)`,
          source: sql`if(${isNewer}, values(source), source)`,
          counts_until: sql`if(${isNewer}, values(counts_until), counts_until)`,
          number: sql`if(${isNewer}, values(number), number)`,
          epoch: sql`greatest(epoch, values(epoch))`,
        })
        .execute()
      return !isKept
    },

    /** Kept until it would have run out, so that an older message is known as such. */
    drop: ({ nodeId, ...request }: Request) =>
      db
        .updateTable('other_address')
        .set({ counts_until: NOW, epoch: request.epoch, number: request.number })
        .where('node_id', '=', nodeId)
        .where(newerThan(request))
        .execute(),

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

const newerThan = ({ epoch, number }: Pick<Request, 'epoch' | 'number'>) =>
  sql<boolean>`(epoch < ${epoch} or epoch = ${epoch} and number < ${number})`
