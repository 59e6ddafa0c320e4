import { randomBytes } from 'node:crypto'
import { admitNumber, type NumberWindow, type WindowVerdict } from '@sixcast/shared/contract/number-window.ts'
import { remember } from '@sixcast/shared/runtime/remember.ts'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { gathered } from '../database/gathered.ts'

/** `unknown`: there is no such node, or no longer. */
export type Admitted = { verdict: WindowVerdict | 'unknown' | 'revoked'; epoch: number }

type Asked = { id: string; epoch: number; number: number }
type Move = { id: string; from: NumberWindow; to: NumberWindow }

/** Of the ten connections to the database. */
const GATHERED = { rounds: 2, busyLingerMs: 5 }
const MOST_KEPT = 20_000

/**
 * Lets each request number of a node pass once, whichever process asks. The windows are the database's. Where this process was the
 * last to move one it still knows it, and one statement moves those of many nodes on; where it was not, they are locked and read.
 */
export function admitNumbers(db: Database) {
  const known = new Map<string, NumberWindow>()
  const moveOn = gathered((moves: Move[]) => moveAll(db, moves), GATHERED)
  const admitLocked = gathered(
    (asked: Asked[]) => db.transaction().execute((locking) => admitAll(locking, asked)),
    GATHERED,
  )

  const keep = (id: string, window: NumberWindow) => remember(known, id, window, MOST_KEPT)

  /** Absent when it cannot be told by what is known. It is known no more until it has moved: of two requests at once one is left to whoever locks. */
  function moveOf({ id, epoch, number }: Asked): Move | undefined {
    const from = known.get(id)
    if (!from) return undefined
    known.delete(id)
    const [verdict, to] = admitNumber(from, epoch, number)
    return verdict === 'fresh' ? { id, from, to } : undefined
  }

  return async (id: string, epoch: number, number: number): Promise<Admitted> => {
    const asked = { id, epoch, number }
    const move = moveOf(asked)
    if (move && (await moveOn(move))) {
      keep(id, move.to)
      return { verdict: 'fresh', epoch }
    }
    const { window, ...admitted } = await admitLocked(asked)
    if (window) keep(id, window)
    return admitted
  }
}

/** Moves those windows that are as they were, and tells which. */
async function moveAll(db: Database, moves: Move[]): Promise<boolean[]> {
  const round = randomBytes(8).toString('hex')
  const ids = moves.map(({ id }) => id)
  const { numUpdatedRows } = await db
    .updateTable('node')
    .set({ ...windowsOf(moves.map(({ id, to }) => ({ id, ...to }))), admitted_by: round })
    .where('id', 'in', ids)
    .where('revoked_at', 'is', null)
    .where(({ or, and, eb }) =>
      or(
        moves.map(({ id, from }) =>
          and([
            eb('id', '=', id),
            eb('epoch', '=', from.epoch),
            eb('highest_number', '=', from.highest),
            eb('seen_numbers', '=', String(from.seen)),
          ]),
        ),
      ),
    )
    .executeTakeFirst()
  if (Number(numUpdatedRows) === moves.length) return moves.map(() => true)
  const rows = await db
    .selectFrom('node')
    .select('id')
    .where('id', 'in', ids)
    .where('admitted_by', '=', round)
    .execute()
  const moved = new Set(rows.map(({ id }) => id))
  return ids.map((id) => moved.has(id))
}

type Locked = Admitted & { window?: NumberWindow }

/** In a transaction: the windows are locked from when they are read until they have moved. */
async function admitAll(locking: Database, asked: Asked[]): Promise<Locked[]> {
  const windows = await lockWindows(locking, [...new Set(asked.map(({ id }) => id))])
  const moved = new Set<string>()
  const admitted = asked.map(({ id, epoch, number }): Locked => {
    const node = windows.get(id)
    if (!node) return { verdict: 'unknown', epoch }
    if (node.revoked) return { verdict: 'revoked', epoch }
    const [verdict, window] = admitNumber(node.window, epoch, number)
    if (verdict === 'fresh') moved.add(id)
    node.window = window
    return { verdict, epoch: window.epoch, window }
  })
  const moves = [...windows].flatMap(([id, { window }]) => (moved.has(id) ? [{ id, ...window }] : []))
  if (moves.length > 0)
    await locking
      .updateTable('node')
      .set(windowsOf(moves))
      .where('id', 'in', [...moved])
      .execute()
  return admitted
}

async function lockWindows(locking: Database, ids: string[]) {
  const rows = await locking
    .selectFrom('node')
    .select(['id', 'epoch', 'highest_number', 'seen_numbers', 'revoked_at'])
    .where('id', 'in', ids)
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.id, { window: windowOf(row), revoked: row.revoked_at !== null }]))
}

/** The columns of many nodes, to each its own. */
function windowsOf(moves: ({ id: string } & NumberWindow)[]) {
  const ofEach = <Value>(value: (window: NumberWindow) => Value) =>
    sql<Value>`case id ${sql.join(
      moves.map(({ id, ...window }) => sql`when ${id} then ${value(window)}`),
      sql` `,
    )} end`
  return {
    epoch: ofEach(({ epoch }) => epoch),
    highest_number: ofEach(({ highest }) => highest),
    seen_numbers: ofEach(({ seen }) => String(seen)),
  }
}

type WindowColumns = { epoch: number; highest_number: number; seen_numbers: number | string }

const windowOf = ({ epoch, highest_number, seen_numbers }: WindowColumns): NumberWindow => ({
  epoch,
  highest: highest_number,
  seen: BigInt(seen_numbers),
})
