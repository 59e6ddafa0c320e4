import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import { urlHost } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import { foundAt } from './found-at.ts'
import { type KnownReport, reportOfSession, streamView } from './stream-state.ts'

export type StreamViews = ReturnType<typeof streamViewRepository>

type Options = { cdnPorts?: number[] | undefined; now?: () => Date }

export function streamViewRepository(
  db: Database,
  { cdnPorts = CDN_PORTS, now = () => new Date() }: Options = {},
) {
  const reported = everyReport(db)
  const catalog = db.selectFrom('stream').select(['name', 'title', 'description', 'open'])
  type ReportRow = Awaited<ReturnType<typeof reported.execute>>[number]

  const known = (row: ReportRow): KnownReport => ({
    state: row.state,
    manifest: row.manifest,
    session: row.session,
    ...(row.height !== null && { height: row.height }),
    since: row.since,
    stateSince: row.state_since,
    livesUntil: row.lives_until,
    ...(row.role && { role: row.role }),
    node: { id: row.id, name: row.name, revoked: row.revoked_at !== null },
    ...hostOf(row),
  })

  /** No service of the node's network that listens on another port is somewhere to send people. */
  function hostOf({ cdn_port, proven, stood, other, other_stood }: ReportRow) {
    const address = foundAt({ proven, stood, other, otherStood: other_stood })
    if (address === null || cdn_port === null || !cdnPorts.includes(cdn_port)) return {}
    return { host: `${urlHost(address)}:${cdn_port}` }
  }

  return {
    /** Every stream of the catalog, by name. */
    async list() {
      const [entries, rows] = await Promise.all([catalog.orderBy('name').execute(), reported.execute()])
      const byName = Map.groupBy(rows, (row) => row.stream_name)
      return entries.map((entry) => streamView(entry, (byName.get(entry.name) ?? []).map(known), now()))
    },

    async find(name: string) {
      const [entry, rows] = await Promise.all([
        catalog.where('name', '=', name).executeTakeFirst(),
        reported.where('report.stream_name', '=', name).execute(),
      ])
      return entry && streamView(entry, rows.map(known), now())
    },

    /** Where one session of a stream is kept, whatever has become of it since: for viewers who are watching it already. */
    async findSession(name: string, session: string) {
      const rows = await reported
        .where('report.stream_name', '=', name)
        .where('report.session', '=', session)
        .execute()
      return reportOfSession(rows.map(known), now())
    },
  }
}

const everyReport = (db: Database) =>
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
    .select(['standing.state as stood', 'other.address as other', 'other_standing.state as other_stood'])
    .select([
      'report.stream_name',
      'report.state',
      'report.manifest',
      'report.session',
      'report.height',
      'report.since',
      'report.state_since',
      'report.lives_until',
      'report.role',
      'node.id',
      'node.name',
      'node.revoked_at',
      'lease.proven',
      'lease.cdn_port',
    ])
