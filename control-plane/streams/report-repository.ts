import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Database } from '../database/database.ts'
import type { Caller } from '../nodes/signed-requests.ts'

export type ReportRepository = ReturnType<typeof reportRepository>

export function reportRepository(db: Database) {
  /** False when there is no row yet, or a newer one. `since` stands first: it reads the row as it was. */
  const renew = async (caller: Caller, report: StreamReport, at: Date) => {
    const { numUpdatedRows } = await db
      .updateTable('stream_report')
      .set(({ case: choose, ref, val, and, eb }) => ({
        since: choose()
          .when(
            and([
              eb('session', '=', report.record.session),
              eb('state', report.state === 'ended' ? '=' : '!=', 'ended'),
            ]),
          )
          .then(ref('since'))
          .else(val(at))
          .end(),
        ...columns(caller, report, at),
      }))
      .where('stream_name', '=', report.name)
      .where('node_id', '=', caller.nodeId)
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
    async record(caller: Caller, report: StreamReport, at: Date): Promise<void> {
      if (await renew(caller, report, at)) return
      await db
        .insertInto('stream_report')
        .ignore()
        .values({
          stream_name: report.name,
          node_id: caller.nodeId,
          since: at,
          ...columns(caller, report, at),
        })
        .execute()
    },
  }
}

const columns = ({ epoch, number }: Caller, report: StreamReport, at: Date) => ({
  epoch,
  number,
  state: report.state,
  manifest: report.manifest,
  session: report.record.session,
  height: best(report),
  renditions: JSON.stringify(report.renditions),
  record: JSON.stringify(report.record),
  reported_at: at,
})

/** Height of the best rendition; none when there is only sound. */
const best = ({ renditions }: StreamReport) =>
  renditions.reduce<number | null>((most, { height }) => Math.max(most ?? 0, height ?? 0) || null, null)
