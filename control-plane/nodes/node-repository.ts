import { admitNumber, type NumberWindow, type WindowVerdict } from '@sixcast/shared/contract/number-window.ts'
import type { Database } from '../database/database.ts'

export type NodeRepository = ReturnType<typeof nodeRepository>

type KnownNode = {
  id: string
  name: string
  publicKey: string
  revokedAt: Date | undefined
  window: NumberWindow
}

export function nodeRepository(db: Database) {
  const find = async (id: string): Promise<KnownNode | undefined> => {
    const row = await db.selectFrom('node').selectAll().where('id', '=', id).executeTakeFirst()
    return (
      row && {
        id: row.id,
        name: row.name,
        publicKey: row.public_key,
        revokedAt: row.revoked_at ?? undefined,
        window: { epoch: row.epoch, highest: row.highest_number, seen: BigInt(row.seen_numbers) },
      }
    )
  }

  return {
    find,

    /**
     * Lets each request number of a node pass once, whichever process asks. Written only if the window is still as it was read
     * with `found`; whoever comes second reads again. Somebody else got through each time, so this ends.
     */
    async admit(
      found: KnownNode,
      epoch: number,
      number: number,
    ): Promise<{ verdict: WindowVerdict; epoch: number }> {
      for (let node: KnownNode | undefined = found; node; node = await find(found.id)) {
        const [verdict, next] = admitNumber(node.window, epoch, number)
        if (verdict !== 'fresh') return { verdict, epoch: node.window.epoch }
        const { numUpdatedRows } = await db
          .updateTable('node')
          .set({ epoch: next.epoch, highest_number: next.highest, seen_numbers: String(next.seen) })
          .where('id', '=', node.id)
          .where('epoch', '=', node.window.epoch)
          .where('highest_number', '=', node.window.highest)
          .where('seen_numbers', '=', String(node.window.seen))
          .executeTakeFirst()
        if (numUpdatedRows > 0n) return { verdict, epoch }
      }
      return { verdict: 'replayed', epoch }
    },

    async revoke(id: string, at: Date) {
      const { numUpdatedRows } = await db
        .updateTable('node')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Those of `ids` that may no longer speak. */
    revokedAmong: async (ids: string[]) =>
      ids.length === 0
        ? []
        : (
            await db
              .selectFrom('node')
              .select('id')
              .where('id', 'in', ids)
              .where('revoked_at', 'is not', null)
              .execute()
          ).map(({ id }) => id),
  }
}
