import { familyOf } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import type { LineResult } from './ask-line.ts'

export type LineRepository = ReturnType<typeof lineRepository>

type LineFact = { nodeId: string; address: string; result: LineResult; at: Date }

export function lineRepository(db: Database) {
  return {
    /** What was once measured stays until it can be measured again. */
    recordFact({ nodeId, address, result, at }: LineFact) {
      const columns = {
        family: familyOf(address),
        address,
        tried_at: at,
        wanted: false,
        ...(result.is === 'measured'
          ? {
              bits_per_second: result.bitsPerSecond,
              bytes: result.bytes,
              milliseconds: result.milliseconds,
              cause: null,
            }
          : { cause: result.cause }),
      }
      return db
        .insertInto('node_uplink')
        .values({ node_id: nodeId, ...columns })
        .onDuplicateKeyUpdate(columns)
        .execute()
    },

    /** Whoever probes measures it at its next look. */
    wantAgain: (nodeId: string) =>
      db.updateTable('node_uplink').set({ wanted: true }).where('node_id', '=', nodeId).execute(),
  }
}
