import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import type { KnownReport } from './stream-state.ts'

/** What nodes have said of streams, with where probes find them: at the address that a node claims, and in the other family. */
export const knownReports = (db: Database) =>
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
    .select(['report.stream_name', 'report.state', 'report.manifest', 'report.session', 'report.role'])
    .select(['report.since', 'report.state_since', 'report.lives_until'])
    .select(['node.id', 'node.name', 'node.revoked_at', 'lease.proven', 'lease.cdn_port'])
    .select(['standing.state as stood', 'other.address as other', 'other_standing.state as other_stood'])

export type ReportRow = Awaited<ReturnType<ReturnType<typeof knownReports>['execute']>>[number]

export const knownReport = (row: ReportRow): KnownReport & { streamName: string } => ({
  streamName: row.stream_name,
  state: row.state,
  manifest: row.manifest,
  session: row.session,
  since: row.since,
  stateSince: row.state_since,
  livesUntil: row.lives_until,
  ...(row.role && { role: row.role }),
  node: { id: row.id, name: row.name, revoked: row.revoked_at !== null },
})

/** No service of the node's network that listens on another port than nodes do is somewhere to send anybody. */
export function cdnPlace(address: string | null, { cdn_port: port }: ReportRow, cdnPorts: number[]) {
  return address === null || port === null || !cdnPorts.includes(port) ? undefined : { address, port }
}
