import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import { once } from '@sixcast/shared/runtime/once.ts'
import type { Database } from '../database/database.ts'
import { egressOf } from '../limits/line-budget.ts'
import type { Standing } from '../reachability/standing.ts'
import { cdnPlace, knownReport, knownReports } from '../streams/known-reports.ts'
import type { KnownCopy } from './live-streams.ts'
import { readTracks } from './stream-tracks.ts'

export type CopyRepository = ReturnType<typeof copyRepository>

export function copyRepository(
  db: Database,
  { cdnPorts = CDN_PORTS }: { cdnPorts?: number[] | undefined } = {},
) {
  const reported = everyCopy(db)
  type Row = Awaited<ReturnType<typeof reported.execute>>[number]

  const known = (row: Row): KnownCopy => ({
    ...knownReport(row),
    tracks: once(() => readTracks(row.renditions)),
    ordered: row.ordered_from !== null,
    ...placeOf(row.proven, row),
    ...otherOf(row),
    ...(row.source !== null && { source: row.source }),
    ...(row.ends_at && { leaseEndsAt: row.ends_at }),
    ...stoodOf(row.stood, row.cause),
    ...(row.duty && { duty: row.duty }),
    ...(row.beat_at && { heardAt: row.beat_at }),
    ...egressOf(row),
  })

  function placeOf(address: string | null, row: Row) {
    const place = cdnPlace(address, row, cdnPorts)
    return place ? { place } : {}
  }

  function otherOf(row: Row) {
    const { place } = placeOf(row.other, row)
    return place ? { other: { place, ...stoodOf(row.other_stood, row.other_cause) } } : {}
  }

  return {
    /** What nodes have, or had when they were last heard, which was not before `since`. What they have ended lately, too: its mirrors may not know yet. */
    listKnown: async (since: Date): Promise<KnownCopy[]> =>
      (await reported.where('report.lives_until', '>', since).execute()).map(known),

    /** Every stream of the catalog that viewers are let to. */
    listNames: async () =>
      (await db.selectFrom('stream').select('name').where('shown', '!=', 'hidden').execute()).map(
        ({ name }) => name,
      ),
  }
}

const everyCopy = (db: Database) =>
  knownReports(db)
    .leftJoin('mirror_order as order', (join) =>
      join
        .onRef('order.stream_name', '=', 'report.stream_name')
        .onRef('order.node_id', '=', 'report.node_id')
        .onRef('order.session', '=', 'report.session'),
    )
    .leftJoin('node_limit', 'node_limit.node_id', 'report.node_id')
    .leftJoin('node_uplink', 'node_uplink.node_id', 'report.node_id')
    .select(['report.renditions', 'order.source as ordered_from', 'node_limit.duty'])
    .select(['standing.cause', 'other_standing.cause as other_cause', 'lease.source', 'lease.ends_at'])
    .select(['lease.load_viewers', 'lease.load_bits', 'lease.most_bits', 'lease.beat_at'])
    .select(['node_limit.viewers as most_viewers', 'node_limit.bits_per_second as cap'])
    .select('node_uplink.bits_per_second as measured')
    .where('node.revoked_at', 'is', null)

const stoodOf = (state: Standing | null, cause: string | null) =>
  state ? { stood: { state, ...(cause !== null && { cause }) } } : {}
