import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { PlannedOrder } from './plan-mirrors.ts'

export type MirrorOrderRepository = ReturnType<typeof mirrorOrderRepository>

export const mirrorOrderRepository = (db: Database) => ({
  async list(): Promise<PlannedOrder[]> {
    const rows = await db.selectFrom('mirror_order').selectAll().execute()
    return rows.map(({ stream_name, node_id, session, source, since }) => ({
      stream: stream_name,
      session,
      nodeId: node_id,
      from: source,
      since,
    }))
  },

  async save(orders: PlannedOrder[]): Promise<void> {
    if (orders.length === 0) return
    await db
      .insertInto('mirror_order')
      .values(orders.map(rowOf))
      .onDuplicateKeyUpdate({
        session: sql`values(session)`,
        source: sql`values(source)`,
        since: sql`values(since)`,
      })
      .execute()
  },

  /** One that another process has renewed since for a new session is not this one. */
  async remove(orders: PlannedOrder[]): Promise<void> {
    if (orders.length === 0) return
    await db
      .deleteFrom('mirror_order')
      .where(({ or, and }) =>
        or(
          orders.map(({ stream, nodeId, session }) => and({ stream_name: stream, node_id: nodeId, session })),
        ),
      )
      .execute()
  },
})

const rowOf = ({ stream, session, nodeId, from, since }: PlannedOrder) => ({
  stream_name: stream,
  node_id: nodeId,
  session,
  source: from,
  since,
})
