import type { Database } from '../database/database.ts'

export type VerdictLinkRepository = ReturnType<typeof verdictLinkRepository>

type Kept = { nodeId: string; maker: 'node' | 'operator'; secretHash: string; expiresAt: Date }

export function verdictLinkRepository(db: Database) {
  return {
    /** In the place of the former one of the same maker. */
    keep({ nodeId, maker, secretHash, expiresAt }: Kept) {
      const columns = { secret_hash: secretHash, expires_at: expiresAt }
      return db
        .insertInto('verdict_link')
        .values({ node_id: nodeId, maker, ...columns })
        .onDuplicateKeyUpdate(columns)
        .execute()
    },

    async findNode(secretHash: string, at: Date): Promise<string | undefined> {
      const row = await db
        .selectFrom('verdict_link')
        .select('node_id')
        .where('secret_hash', '=', secretHash)
        .where('expires_at', '>', at)
        .executeTakeFirst()
      return row?.node_id
    },

    removeOf: (nodeId: string) => db.deleteFrom('verdict_link').where('node_id', '=', nodeId).execute(),

    async removeExpired(at: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('verdict_link')
        .where('expires_at', '<=', at)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
