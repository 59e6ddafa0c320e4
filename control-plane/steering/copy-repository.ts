import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import type { Database } from '../database/database.ts'
import type { KnownCopy } from './live-streams.ts'
import { readTracks } from './stream-tracks.ts'

export type CopyRepository = ReturnType<typeof copyRepository>

export function copyRepository(
  db: Database,
  { cdnPorts = CDN_PORTS }: { cdnPorts?: number[] | undefined } = {},
) {
  const reported = db
    .selectFrom('stream_report as report')
    .innerJoin('node', 'node.id', 'report.node_id')
    .leftJoin('lease', 'lease.node_id', 'report.node_id')
    .leftJoin('reachability as probe', (join) =>
      join.onRef('probe.node_id', '=', 'lease.node_id').onRef('probe.address', '=', 'lease.proven'),
    )
    .leftJoin('mirror_order as order', (join) =>
      join
        .onRef('order.stream_name', '=', 'report.stream_name')
        .onRef('order.node_id', '=', 'report.node_id')
        .onRef('order.session', '=', 'report.session'),
    )
    .select(['report.stream_name', 'report.state', 'report.manifest', 'report.session', 'report.role'])
    .select('order.source as ordered_from')
    .select(['report.since', 'report.state_since', 'report.lives_until', 'report.renditions'])
    .select(['node.id', 'node.name'])
    .select(['lease.proven', 'lease.cdn_port', 'lease.source', 'lease.ends_at'])
    .select(['probe.reachable', 'probe.since as probed_since', 'probe.cause'])
    .where('node.revoked_at', 'is', null)
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
    ...placeOf(row),
    ...(row.source !== null && { source: row.source }),
    ...(row.ends_at && { leaseEndsAt: row.ends_at }),
    ...probeOf(row),
  })

  /** No service of the node's network that listens on another port is somewhere to send people. */
  function placeOf({ proven, cdn_port }: Row) {
    if (proven === null || cdn_port === null || !cdnPorts.includes(cdn_port)) return {}
    return { place: { address: proven, port: cdn_port } }
  }

  return {
    /** What nodes have, or had when they were last heard, which was not before `since`. What they have ended lately, too: its mirrors may not know yet. */
    listKnown: async (since: Date) =>
      (await reported.where('report.lives_until', '>', since).execute()).map(known),

    /** Every stream of the catalog. */
    listNames: async () => (await db.selectFrom('stream').select('name').execute()).map(({ name }) => name),
  }
}

type Probed = { reachable: boolean | null; probed_since: Date | null; cause: string | null }

const probeOf = ({ reachable, probed_since, cause }: Probed) =>
  reachable === null || !probed_since
    ? {}
    : { probe: { reachable, since: probed_since, ...(cause !== null && { cause }) } }

/** A fleet has a thousand streams, of which few are asked for in a second. */
function once<Value>(read: () => Value): () => Value {
  let value: { is: Value } | undefined
  return () => {
    value ??= { is: read() }
    return value.is
  }
}
