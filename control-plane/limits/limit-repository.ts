import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type LimitRepository = ReturnType<typeof limitRepository>

/** By what viewers are steered to a node, or away from it. Absent numbers are no limit. */
export type NodeLimits = {
  viewers?: number | undefined
  bitsPerSecond?: number | undefined
  duty: Duty
}

export function limitRepository(db: Database) {
  /** What a duty is kept with: `since` moves only when it changes. It is assigned first: what stands after it reads the new row. */
  const since = sql<Date>`if(duty = values(duty), since, values(since))`

  return {
    keep: (nodeId: string, { viewers, bitsPerSecond, duty }: NodeLimits, at: Date) =>
      db
        .insertInto('node_limit')
        .values({
          node_id: nodeId,
          viewers: viewers ?? null,
          bits_per_second: bitsPerSecond ?? null,
          duty,
          since: at,
        })
        .onDuplicateKeyUpdate({
          since,
          viewers: viewers ?? null,
          bits_per_second: bitsPerSecond ?? null,
          duty,
        })
        .execute(),

    /** Leaves the numbers as they are. */
    keepDuty: (nodeId: string, duty: Duty, at: Date) =>
      db
        .insertInto('node_limit')
        .values({ node_id: nodeId, duty, since: at })
        .onDuplicateKeyUpdate({ since, duty })
        .execute(),
  }
}
