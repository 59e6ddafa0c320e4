import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Caller } from '../nodes/signed-requests.ts'

export type ReportRepository = ReturnType<typeof reportRepository>

/** One report, stamped by our own clock: when it came, and until when it is believed. */
type Heard = { caller: Caller; report: StreamReport; at: Date; livesUntil: Date }

/** Sessions kept of one stream on one node: the present one, and those whose end may still be watched. */
const MOST_SESSIONS = 8
/** Removed at once. */
const MOST_REMOVED = 1000

export function reportRepository(db: Database) {
  /** False when there is no row yet, or a newer one. `state_since` stands first: it reads the row as it was. */
  const renew = async ({ caller, report, at, livesUntil }: Heard) => {
    const { numUpdatedRows } = await db
      .updateTable('stream_report')
      .set(({ case: choose, ref, val, eb, and, or }) => ({
        // Who fell silent in between was lost, and begins anew; the end stays where it was.
        state_since: choose()
          .when(
            and([
              eb('state', '=', report.state),
              or([eb('lives_until', '>', at), eb('state', '=', 'ended')]),
            ]),
          )
          .then(ref('state_since'))
          .else(val(at))
          .end(),
        ...columns(caller, report, livesUntil),
      }))
      .where('stream_name', '=', report.name)
      .where('node_id', '=', caller.nodeId)
      .where('session', '=', report.record.session)
      .where(({ and, or, eb }) =>
        or([
          eb('epoch', '<', caller.epoch),
          and([eb('epoch', '=', caller.epoch), eb('number', '<', caller.number)]),
        ]),
      )
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  return {
    /** Reports can overtake each other, so an older one never undoes a newer. */
    async record(heard: Heard): Promise<void> {
      if (await renew(heard)) return
      const { caller, report, at, livesUntil } = heard
      await db
        .insertInto('stream_report')
        .ignore()
        .values({
          stream_name: report.name,
          node_id: caller.nodeId,
          session: report.record.session,
          since: at,
          state_since: at,
          ...columns(caller, report, livesUntil),
        })
        .execute()
      await removeBeyondMost(db, { stream_name: report.name, node_id: caller.nodeId })
    },

    /** Sessions not heard of since then. The last of each stream stays: people are told when it has ended. */
    async removeOutdated(before: Date) {
      const { numAffectedRows } = await sql`
        delete old from stream_report as old
          inner join (
            select stream_name, max(lives_until) as lives_until from stream_report group by stream_name
          ) as newest on newest.stream_name = old.stream_name and newest.lives_until > old.lives_until
        where old.lives_until < ${before}
      `.execute(db)
      return Number(numAffectedRows)
    },
  }
}

/** The newest sessions stay: a node could name new ones for ever. */
async function removeBeyondMost(db: Database, ofNode: { stream_name: string; node_id: string }) {
  const old = await db
    .selectFrom('stream_report')
    .select('session')
    .where((row) => row.and(ofNode))
    .orderBy('lives_until', 'desc')
    .orderBy('since', 'desc')
    .limit(MOST_REMOVED)
    .offset(MOST_SESSIONS)
    .execute()
  if (old.length === 0) return
  const sessions = old.map(({ session }) => session)
  await db
    .deleteFrom('stream_report')
    .where((row) => row.and(ofNode))
    .where('session', 'in', sessions)
    .execute()
}

const columns = ({ epoch, number }: Caller, report: StreamReport, livesUntil: Date) => ({
  epoch,
  number,
  state: report.state,
  manifest: report.manifest,
  height: best(report),
  renditions: JSON.stringify({ renditions: report.renditions, audio: report.audio }),
  record: JSON.stringify(report.record),
  lives_until: livesUntil,
  role: report.role ?? null,
  viewers: report.viewers ?? null,
  seen: report.seen ? JSON.stringify(report.seen) : null,
})

/** Height of the best rendition; none when there is only sound. */
const best = ({ renditions }: StreamReport) =>
  renditions.reduce<number | null>((most, { height }) => Math.max(most ?? 0, height ?? 0) || null, null)
