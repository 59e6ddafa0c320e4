import { admitNumber, type NumberWindow, type WindowVerdict } from '@sixcast/shared/contract/number-window.ts'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { gathered } from '../database/gathered.ts'

export type NodeRepository = ReturnType<typeof nodeRepository>

type KnownNode = {
  id: string
  name: string
  publicKey: string
  revokedAt: Date | undefined
  window: NumberWindow
}

type Admitted = { verdict: WindowVerdict; epoch: number }

export function nodeRepository(db: Database) {
  const find = async (id: string): Promise<KnownNode | undefined> => {
    const row = await db.selectFrom('node').selectAll().where('id', '=', id).executeTakeFirst()
    return (
      row && {
        id: row.id,
        name: row.name,
        publicKey: row.public_key,
        revokedAt: row.revoked_at ?? undefined,
        window: windowOf(row),
      }
    )
  }

  /**
   * Lets each request number of a node pass once, whichever process asks: the window is locked while it is read and moved. The
   * requests of one moment go together, so that they do not wait for the disk one by one.
   */
  const admitRequest = gathered((asked: Asked[]) =>
    db.transaction().execute(async (transaction) => {
      const windows = await lockWindows(transaction, [...new Set(asked.map(({ id }) => id))])
      const verdicts = asked.map(({ id, epoch, number }) => admitInto(windows, id, epoch, number))
      await moveWindows(transaction, windows)
      return verdicts
    }),
  )

  return {
    find,

    admit: (found: Pick<KnownNode, 'id'>, epoch: number, number: number) =>
      admitRequest({ id: found.id, epoch, number }),

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

type WindowColumns = { epoch: number; highest_number: number; seen_numbers: number | string }

const windowOf = ({ epoch, highest_number, seen_numbers }: WindowColumns): NumberWindow => ({
  epoch,
  highest: highest_number,
  seen: BigInt(seen_numbers),
})

type Asked = { id: string; epoch: number; number: number }
type Windows = Map<string, { window: NumberWindow; moved: boolean }>

async function lockWindows(db: Database, ids: string[]): Promise<Windows> {
  const rows = await db
    .selectFrom('node')
    .select(['id', 'epoch', 'highest_number', 'seen_numbers'])
    .where('id', 'in', ids)
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.id, { window: windowOf(row), moved: false }]))
}

/** A node that is gone meanwhile has no number that may pass. */
function admitInto(windows: Windows, id: string, epoch: number, number: number): Admitted {
  const known = windows.get(id)
  if (!known) return { verdict: 'replayed', epoch }
  const [verdict, window] = admitNumber(known.window, epoch, number)
  if (verdict === 'fresh') windows.set(id, { window, moved: true })
  return { verdict, epoch: window.epoch }
}

async function moveWindows(db: Database, windows: Windows) {
  const moved = [...windows].flatMap(([id, { window, moved }]) => (moved ? [{ id, ...window }] : []))
  if (moved.length === 0) return
  const ofEach = <Value>(value: (window: NumberWindow) => Value) =>
    sql<Value>`case id ${sql.join(
      moved.map(({ id, ...window }) => sql`when ${id} then ${value(window)}`),
      sql` `,
    )} end`
  await db
    .updateTable('node')
    .set({
      epoch: ofEach(({ epoch }) => epoch),
      highest_number: ofEach(({ highest }) => highest),
      seen_numbers: ofEach(({ seen }) => String(seen)),
    })
    .where(
      'id',
      'in',
      moved.map(({ id }) => id),
    )
    .execute()
}
