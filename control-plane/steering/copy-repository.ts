import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import { once } from '@sixcast/shared/runtime/once.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import { egressOf } from '../limits/line-budget.ts'
import type { Standing } from '../reachability/standing.ts'
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
    streamName: row.stream_name,
    state: row.state,
    manifest: row.manifest,
    session: row.session,
    since: row.since,
    stateSince: row.state_since,
    livesUntil: row.lives_until,
    node: { id: row.id, name: row.name, revoked: false },
    tracks: once(() => readTracks(row.renditions)),
    ...(row.role && { role: row.role }),
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

  /** No service of the node's network that listens on another port is somewhere to send people. */
  function placeOf(address: string | null, { cdn_port }: Row) {
    if (address === null || cdn_port === null || !cdnPorts.includes(cdn_port)) return {}
    return { place: { address, port: cdn_port } }
  }

  function otherOf(row: Row) {
    const { place } = placeOf(row.other, row)
    return place ? { other: { place, ...stoodOf(row.other_stood, row.other_cause) } } : {}
  }

  return {
    /** What nodes have, or had when they were last heard, which was not before `since`. What they have ended lately, too: its mirrors may not know yet. */
    listKnown: async (since: Date): Promise<KnownCopy[]> =>
      (await reported.where('report.lives_until', '>', since).execute()).map(known),

    /** Every stream of the catalog. */
    listNames: async () => (await db.selectFrom('stream').select('name').execute()).map(({ name }) => name),
  }
}

const everyCopy = (db: Database) =>
  db
    .selectFrom('stream_report as report')
    .innerJoin('node', 'node.id', 'report.node_id')
    .leftJoin('lease', 'lease.node_id', 'report.node_id')
    .leftJoin('standing', (join) =>
      join.onRef('standing.node_id', '=', 'lease.node_id').onRef('standing.address', '=', 'lease.proven'),
    )
    .leftJoin('other_address as other', (join) =>
      join.onRef('other.node_id', '=', 'lease.node_id').on('other.proven', '=', true).on(otherAddressCounts),
    )
    .leftJoin('standing as other_standing', (join) =>
      join
        .onRef('other_standing.node_id', '=', 'other.node_id')
        .onRef('other_standing.address', '=', 'other.address'),
    )
    .leftJoin('mirror_order as order', (join) =>
      join
        .onRef('order.stream_name', '=', 'report.stream_name')
        .onRef('order.node_id', '=', 'report.node_id')
        .onRef('order.session', '=', 'report.session'),
    )
    .leftJoin('node_limit', 'node_limit.node_id', 'report.node_id')
    .leftJoin('node_uplink', 'node_uplink.node_id', 'report.node_id')
    .select(['report.stream_name', 'report.state', 'report.manifest', 'report.session', 'report.role'])
    .select('order.source as ordered_from')
    .select(['report.since', 'report.state_since', 'report.lives_until', 'report.renditions'])
    .select(['node.id', 'node.name'])
    .select(['lease.proven', 'lease.cdn_port', 'lease.source', 'lease.ends_at'])
    .select(['standing.state as stood', 'standing.cause', 'node_limit.duty'])
    .select(['other.address as other', 'other_standing.state as other_stood'])
    .select('other_standing.cause as other_cause')
    .select(['lease.load_viewers', 'lease.load_bits', 'lease.most_bits', 'lease.beat_at'])
    .select(['node_limit.viewers as most_viewers', 'node_limit.bits_per_second as cap'])
    .select('node_uplink.bits_per_second as measured')
    .where('node.revoked_at', 'is', null)

const stoodOf = (state: Standing | null, cause: string | null) =>
  state ? { stood: { state, ...(cause !== null && { cause }) } } : {}
