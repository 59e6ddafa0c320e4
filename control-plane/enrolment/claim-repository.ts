import type { Database } from '../database/database.ts'

export type ClaimRepository = ReturnType<typeof claimRepository>

export function claimRepository(db: Database) {
  return {
    add: (claim: NewClaim) => db.insertInto('claim').values(claim).execute(),

    find: (secretHash: string) =>
      db.selectFrom('claim').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst(),

    /** The newest first, with what the node is called now that came in by it. */
    list: (most: number) =>
      db
        .selectFrom('claim')
        .leftJoin('node', 'node.id', 'claim.node_id')
        .selectAll('claim')
        .select('node.name as node_name')
        .orderBy('claim.created_at', 'desc')
        .orderBy('claim.id')
        .limit(most)
        .execute(),

    /** False when there is no such claim, or when it was used or revoked before. */
    revoke: async (id: string, at: Date) => {
      const { numUpdatedRows } = await db
        .updateTable('claim')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Those that can enrol nobody since then. */
    async removeSpent(before: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('claim')
        .where(({ or, eb }) =>
          or([eb('used_at', '<', before), eb('revoked_at', '<', before), eb('expires_at', '<', before)]),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    /** Uses the claim and makes the node, or neither. False when the claim cannot be used any more. */
    redeem: (secretHash: string, node: NewNode, at: Date) =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('claim')
          .set({ used_at: at, node_id: node.id })
          .where('secret_hash', '=', secretHash)
          .where('used_at', 'is', null)
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', at)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await trx
          .insertInto('node')
          .ignore()
          .values({ ...node, enrolled_at: at })
          .execute()
        await trx.insertInto('lease').ignore().values({ node_id: node.id }).execute()
        return true
      }),
  }
}

type NewClaim = { id: string; secret_hash: string; created_at: Date; expires_at: Date; made_by: string }
type NewNode = { id: string; public_key: string; name: string; hardware: string }
