import { sql } from 'kysely'

/**
 * Of tables joined as `lease` and `other`: the node said lately that it is to be found there as well, and it is not the family of the
 * address it claims.
 */
export const otherAddressCounts = sql<boolean>`
  other.counts_until > utc_timestamp(3) and other.family <> if(lease.claimed like '%:%', 6, 4)
`
