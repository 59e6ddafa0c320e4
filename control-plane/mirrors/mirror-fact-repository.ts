import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import { once } from '@sixcast/shared/runtime/once.ts'
import type { Database } from '../database/database.ts'
import { egressOf, usedShare } from '../limits/line-budget.ts'
import { siteOf } from '../steering/viewer-site.ts'
import { foundAt, isDown } from '../streams/found-at.ts'
import { cdnPlace, knownReport, knownReports } from '../streams/known-reports.ts'
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
  knownReports(db)
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
    ...knownReport(row),
    places: () =>
      place && further.length > 0
        ? [place, ...further]
        : originPlaces({ proven: place, addresses: row.addresses }),
    ...(place && { host: place.address }),
  }
}

/** Where probes have found it and have not lost it since, unless that is everywhere. */
function placesOf(row: ReportRow, cdnPorts: number[]) {
  const found = foundAt(row)
  const further = found === row.proven && !isDown(row.other_stood) ? row.other : null
  return [found, further].flatMap((address) => cdnPlace(address, row, cdnPorts) ?? [])
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
