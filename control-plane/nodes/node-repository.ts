import { remember } from '@sixcast/shared/runtime/remember.ts'
import type { Database } from '../database/database.ts'
import { admitNumbers } from './admit-numbers.ts'

export type NodeRepository = ReturnType<typeof nodeRepository>

type KnownNode = { id: string; name: string; publicKey: string; revokedAt: Date | undefined }

const MOST_KEYS = 20_000

export function nodeRepository(db: Database) {
  /** An id is its key's fingerprint, so a key that was read once is right for ever. Whether the node still is one, `admit` tells. */
  const keys = new Map<string, string>()

  async function find(id: string): Promise<KnownNode | undefined> {
    const row = await db
      .selectFrom('node')
      .select(['id', 'name', 'public_key', 'revoked_at'])
      .where('id', '=', id)
      .executeTakeFirst()
    return (
      row && {
        id: row.id,
        name: row.name,
        publicKey: row.public_key,
        revokedAt: row.revoked_at ?? undefined,
      }
    )
  }

  return {
    find,

    /** What the node's requests are verified with; absent for one that was never enrolled. */
    async keyOf(id: string): Promise<string | undefined> {
      const kept = keys.get(id)
      if (kept !== undefined) return kept
      const node = await find(id)
      if (node) remember(keys, id, node.publicKey, MOST_KEYS)
      return node?.publicKey
    },

    admit: admitNumbers(db),

    async revoke(id: string, at: Date) {
      const { numUpdatedRows } = await db
        .updateTable('node')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Those that may no longer speak. */
    listRevoked: async () =>
      (await db.selectFrom('node').select('id').where('revoked_at', 'is not', null).execute()).map(
        ({ id }) => id,
      ),
  }
}
