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

/** Of the ten connections to the database. */
const ROUNDS = { rounds: 3 }

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
   * Lets each request number of a node pass once, whichever process asks. The requests of one moment go together, so that they do
   * not wait for the disk one by one; one that comes alone needs no more than one statement.
   */
  const admitRequest = gathered(async (asked: Asked[]): Promise<Admitted[]> => {
    const [first, ...others] = asked
    const alone = first && others.length === 0 ? await admitAlone(db, first) : undefined
    return alone ? [alone] : await db.transaction().execute((locking) => admitTogether(locking, asked))
  }, ROUNDS)

  return {
    find,

    admit: (found: KnownNode, epoch: number, number: number) => admitRequest({ found, epoch, number }),

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

type Asked = { found: KnownNode; epoch: number; number: number }
type Windows = Map<string, { window: NumberWindow; moved: boolean }>

/** Absent when the window is no longer as it was read with `found`. */
async function admitAlone(db: Database, { found, epoch, number }: Asked): Promise<Admitted | undefined> {
  const [verdict, next] = admitNumber(found.window, epoch, number)
  if (verdict !== 'fresh') return { verdict, epoch: found.window.epoch }
  const { numUpdatedRows } = await db
    .updateTable('node')
    .set({ epoch: next.epoch, highest_number: next.highest, seen_numbers: String(next.seen) })
    .where('id', '=', found.id)
    .where('epoch', '=', found.window.epoch)
    .where('highest_number', '=', found.window.highest)
    .where('seen_numbers', '=', String(found.window.seen))
    .executeTakeFirst()
  return numUpdatedRows > 0n ? { verdict, epoch } : undefined
}

/** In a transaction: the windows are locked from when they are read until they have moved. */
async function admitTogether(locking: Database, asked: Asked[]): Promise<Admitted[]> {
  const windows = await lockWindows(locking, [...new Set(asked.map(({ found }) => found.id))])
  const verdicts = asked.map(({ found, epoch, number }) => admitInto(windows, found.id, epoch, number))
  await moveWindows(locking, windows)
  return verdicts
}

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
