import { sql } from 'kysely'
import { familyOf } from '../addresses/addresses.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import { egressOf } from '../limits/line-budget.ts'
import type { Standing } from '../reachability/standing.ts'
import { liveOnNodes } from './live-on-nodes.ts'
import { type NodeBrief, nodeKind, nodeUrgency } from './node-brief.ts'

/** All nodes at once: of ten thousand this takes a tenth of what everything known of them would. */
export function nodeBriefRepository(db: Database, now: () => Date = () => new Date()) {
  const nodes = everyNode(db)
  type Row = Awaited<ReturnType<typeof nodes.execute>>[number]

  const brief = (row: Row, streams: string[], lacksSegment: boolean, at: Date): NodeBrief => {
    const { load, budget } = egressOf(row)
    const isAlive = row.ends_at !== null && row.ends_at > at
    const standings = [row.stood, row.other_stood].filter((each) => each !== null)
    const facts = {
      enrolledAt: row.enrolled_at,
      revokedAt: row.revoked_at,
      aliveSince: row.alive_since,
      isAlive,
      isQuarantined: row.quarantined_until !== null && row.quarantined_until > at,
      duty: row.duty,
      claims: row.claimed !== null,
      ...{ standings, lacksSegment },
    }
    const missed = lacksSegment ? [] : missedOver(row)
    return {
      id: row.id,
      name: row.name,
      kind: nodeKind(facts, at),
      urgency: nodeUrgency(facts),
      ...(missed.length > 0 && { missedOver: missed }),
      ...(row.duty && { duty: row.duty }),
      ...(row.release !== null && { release: row.release }),
      ...(row.instance !== null && { instance: row.instance }),
      addresses: [row.claimed, row.other].filter((each) => each !== null),
      isAlive,
      ...(row.rtmp_port !== null && { rtmpPort: row.rtmp_port }),
      ...(row.beat_at && { heardAt: row.beat_at }),
      ...(isAlive && load && { load }),
      ...(budget && { budget }),
      streams,
    }
  }

  return {
    /** Every node of the fleet, revoked ones too, by name. */
    async list(): Promise<NodeBrief[]> {
      const at = now()
      const [rows, live, missed] = await Promise.all([
        nodes.execute(),
        liveOnNodes(db, at).execute(),
        missedSegments(db, at),
      ])
      const streamsOf = Map.groupBy(live, ({ node_id }) => node_id)
      const lacking = new Set(missed.map(({ node_id }) => node_id))
      return rows.map((row) => {
        const streams = row.revoked_at ? [] : (streamsOf.get(row.id) ?? [])
        return brief(
          row,
          streams.map(({ stream_name }) => stream_name),
          lacking.has(row.id),
          at,
        )
      })
    },
  }
}

type Stood = {
  claimed: string | null
  stood: Standing | null
  other: string | null
  other_stood: Standing | null
}

/** Of one that is well but for that. */
function missedOver({ claimed, stood, other, other_stood }: Stood): (4 | 6)[] {
  const each = [
    { address: claimed, state: stood },
    { address: other, state: other_stood },
  ]
  if (each.some(({ state }) => state && !['healthy', 'pending', 'suspect'].includes(state))) return []
  return each.flatMap(({ address, state }) => (address && state === 'suspect' ? familyOf(address) : []))
}

const everyNode = (db: Database) =>
  db
    .selectFrom('node')
    .leftJoin('lease', 'lease.node_id', 'node.id')
    .leftJoin('standing', (join) =>
      join.onRef('standing.node_id', '=', 'lease.node_id').onRef('standing.address', '=', 'lease.claimed'),
    )
    .leftJoin('other_address as other', (join) =>
      join.onRef('other.node_id', '=', 'lease.node_id').on(otherAddressCounts),
    )
    .leftJoin('standing as other_standing', (join) =>
      join
        .onRef('other_standing.node_id', '=', 'other.node_id')
        .onRef('other_standing.address', '=', 'other.address'),
    )
    .leftJoin('node_uplink', (join) =>
      join.onRef('node_uplink.node_id', '=', 'node.id').onRef('node_uplink.address', '=', 'lease.claimed'),
    )
    .leftJoin('node_limit', 'node_limit.node_id', 'node.id')
    .select(['node.id', 'node.name', 'node.enrolled_at', 'node.revoked_at'])
    .select(['lease.release', 'lease.claimed', 'other.address as other', 'lease.rtmp_port', 'lease.instance'])
    .select(['lease.alive_since', 'lease.beat_at', 'lease.ends_at', 'lease.quarantined_until'])
    .select(['standing.state as stood', 'other_standing.state as other_stood', 'node_limit.duty'])
    .select(['lease.load_viewers', 'lease.load_bits', 'lease.most_bits'])
    .select(['node_limit.viewers as most_viewers', 'node_limit.bits_per_second as cap'])
    .select('node_uplink.bits_per_second as measured')
    .orderBy('node.name')
    .orderBy('node.id')

/** Of streams that are live there. */
const missedSegments = (db: Database, at: Date) =>
  db
    .selectFrom('segment_fact as fact')
    .innerJoin('stream_report as report', (join) =>
      join
        .onRef('report.node_id', '=', 'fact.node_id')
        .onRef('report.stream_name', '=', 'fact.stream_name')
        .on('report.state', '=', sql.lit('live')),
    )
    // What was missed where a node asked to be found before says nothing any more.
    .innerJoin('lease', 'lease.node_id', 'fact.node_id')
    .leftJoin('other_address as other', (join) =>
      join.onRef('other.node_id', '=', 'lease.node_id').on(otherAddressCounts),
    )
    .where(({ or, eb, ref }) =>
      or([eb('fact.address', '=', ref('lease.claimed')), eb('fact.address', '=', ref('other.address'))]),
    )
    .select('fact.node_id')
    .distinct()
    .where('fact.fetched', '=', false)
    .where('report.lives_until', '>', at)
    .execute()
