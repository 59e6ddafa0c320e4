import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import { once } from '@sixcast/shared/runtime/once.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import { egressOf, usedShare } from '../limits/line-budget.ts'
import { siteOf } from '../steering/viewer-site.ts'
import { foundAt, isDown } from '../streams/found-at.ts'
import type { HeldReport } from './mirrored-streams.ts'
import { originPlaces } from './origin-places.ts'
import type { MirrorNode } from './plan-mirrors.ts'
import { lineOf } from './reach-origin.ts'

export type MirrorFactRepository = ReturnType<typeof mirrorFactRepository>

/** What is planned with. */
export function mirrorFactRepository(
  db: Database,
  { cdnPorts = CDN_PORTS }: { cdnPorts?: number[] | undefined } = {},
) {
  const reports = reported(db)
  const nodes = fleet(db)

  return {
    /** What nodes have of streams, or had when they were last heard, which was not before `since`. */
    listReports: async (since: Date) =>
      (await reports.where('report.lives_until', '>', since).execute()).map((row) => held(row, cdnPorts)),

    /** Every node of the fleet. */
    listNodes: async (at: Date) => (await nodes.execute()).map((row) => mirrorNode(row, at)),
  }
}

const reported = (db: Database) =>
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
    .select(['report.stream_name', 'report.state', 'report.manifest', 'report.session', 'report.role'])
    .select(['report.since', 'report.state_since', 'report.lives_until'])
    .select(['node.id', 'node.name', 'lease.proven', 'lease.cdn_port'])
    // Nobody copies from a mirror: its addresses would be read in vain.
    .select(({ case: choose, ref }) =>
      choose()
        .when('report.role', '=', 'mirror')
        .then(null)
        .else(ref('lease.addresses'))
        .end()
        .as('addresses'),
    )
    .where('node.revoked_at', 'is', null)
type ReportRow = Awaited<ReturnType<ReturnType<typeof reported>['execute']>>[number]

function held(row: ReportRow, cdnPorts: number[]): HeldReport {
  const [place, ...further] = placesOf(row, cdnPorts)
  return {
    streamName: row.stream_name,
    state: row.state,
    manifest: row.manifest,
    session: row.session,
    since: row.since,
    stateSince: row.state_since,
    livesUntil: row.lives_until,
    node: { id: row.id, name: row.name, revoked: false },
    places: () =>
      place && further.length > 0
        ? [place, ...further]
        : originPlaces({ proven: place, addresses: row.addresses }),
    ...(row.role && { role: row.role }),
    ...(place && { host: place.address }),
  }
}

/** Where probes have found it and have not lost it since, unless that is everywhere. No service of the node's network that listens on another port is somewhere to send anybody. */
function placesOf({ cdn_port: port, proven, stood, other, other_stood }: ReportRow, cdnPorts: number[]) {
  if (port === null || !cdnPorts.includes(port)) return []
  const found = foundAt({ proven, stood, other, otherStood: other_stood })
  const further = found === proven && !isDown(other_stood) ? other : null
  return [found, further].flatMap((address) => (address === null ? [] : [{ address, port }]))
}

const fleet = (db: Database) =>
  db
    .selectFrom('node')
    .leftJoin('lease', 'lease.node_id', 'node.id')
    .leftJoin('standing', (join) =>
      join.onRef('standing.node_id', '=', 'node.id').onRef('standing.address', '=', 'lease.claimed'),
    )
    .select(['node.id', 'node.name', 'lease.claimed', 'lease.source', 'lease.ends_at'])
    .leftJoin('node_limit', 'node_limit.node_id', 'node.id')
    .leftJoin('node_uplink', 'node_uplink.node_id', 'node.id')
    .select(['lease.quarantined_until', 'standing.state', 'node_limit.duty'])
    .select(['lease.load_viewers', 'lease.load_bits', 'lease.most_bits'])
    .select(['node_limit.viewers as most_viewers', 'node_limit.bits_per_second as cap'])
    .select('node_uplink.bits_per_second as measured')
    .where('node.revoked_at', 'is', null)
type NodeRow = Awaited<ReturnType<ReturnType<typeof fleet>['execute']>>[number]

function mirrorNode(row: NodeRow, at: Date): MirrorNode {
  const addresses = [row.claimed, row.source].filter((address) => address !== null)
  return {
    id: row.id,
    name: row.name,
    lines: [...new Set(addresses.map(lineOf))],
    sites: once(() => [...new Set(addresses.flatMap((address) => siteOf(address) ?? []))]),
    standing: standingOf(row, at),
    ...barredBy(row, at),
    ...shareOf(row),
  }
}

function barredBy({ quarantined_until, duty }: NodeRow, at: Date): Pick<MirrorNode, 'barred'> {
  if (quarantined_until && quarantined_until > at) return { barred: 'quarantined' }
  return duty === 'draining' || duty === 'maintenance' ? { barred: 'draining' } : {}
}

function shareOf(row: NodeRow): Pick<MirrorNode, 'usedShare'> {
  const share = usedShare(egressOf(row))
  return share === undefined ? {} : { usedShare: share }
}

/** A node that just does not beat is found by probes for a while: until these say otherwise it is in doubt. */
function standingOf({ state, ends_at }: NodeRow, at: Date): MirrorNode['standing'] {
  if (ends_at === null) return 'pending'
  if (ends_at > at) return state ?? 'pending'
  return state === 'healthy' || state === 'suspect' || state === 'flapping' ? 'suspect' : 'silent'
}
