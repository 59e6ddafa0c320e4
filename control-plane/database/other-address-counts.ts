import { sql } from 'kysely'

/**
 * Of tables joined as `lease` and `other`: the node said lately that it is to be found there as well, it is not the family of the
 * address it claims, and no second machine speaks with its key.
 */
export const otherAddressCounts = sql<boolean>`
  other.counts_until > utc_timestamp(3) and lease.claimed is not null and other.family <> if(lease.claimed like '%:%', 6, 4)
  and (lease.quarantined_until is null or lease.quarantined_until <= utc_timestamp(3))
`
