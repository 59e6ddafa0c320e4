import { addressCase } from '@sixcast/shared/contract/address-case.ts'
import { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import type { Database } from '../database/database.ts'
import { otherAddressCounts } from '../database/other-address-counts.ts'
import { foundFromOutside } from './found-from-outside.ts'
import { liveOnNodes } from './live-on-nodes.ts'
import { nodeEgress } from './node-egress.ts'
import type { NodeView } from './node-view.ts'

export function nodeViewRepository(db: Database, now: () => Date = () => new Date()) {
  const nodes = everyNode(db)
  type NodeRow = Awaited<ReturnType<typeof nodes.execute>>[number]

  const view = (node: NodeRow, found: FoundFromOutside, live: string[], at: Date): NodeView => ({
    id: node.id,
    name: node.name,
    enrolledAt: node.enrolled_at,
    ...(node.revoked_at && { revokedAt: node.revoked_at }),
    ...(node.release !== null && { release: node.release }),
    ...(node.claimed !== null && { claimed: node.claimed }),
    ...(node.other_address !== null && { otherAddress: node.other_address }),
    ...caseOf(node.addresses),
    ...(node.rtmp_port !== null && { rtmpPort: node.rtmp_port }),
    ...alive(node, at),
    ...(node.quarantined_until &&
      node.quarantined_until > at && { quarantinedUntil: node.quarantined_until }),
    ...(node.duty && node.duty_since && { duty: { is: node.duty, since: node.duty_since } }),
    ...nodeEgress(node, at),
    ...(node.beat_at && { heardAt: node.beat_at }),
    ...found(node),
    streams: live,
    ...latestMetrics(node),
  })

  async function read(ids?: string[]) {
    const at = now()
    const [rows, found, live] = await Promise.all([
      nodes.$if(ids !== undefined, (query) => query.where('node.id', 'in', ids ?? [])).execute(),
      foundFromOutside(db, ids),
      liveOnNodes(db, at)
        .$if(ids !== undefined, (query) => query.where('node_id', 'in', ids ?? []))
        .execute(),
    ])
    const streamsOf = Map.groupBy(live, ({ node_id }) => node_id)
    return rows.map((node) => {
      const names = (streamsOf.get(node.id) ?? []).map(({ stream_name }) => stream_name)
      return view(node, found, node.revoked_at ? [] : names, at)
    })
  }

  return {
    /** Every node of the fleet, revoked ones too, by name. */
    list: () => read(),

    async find(nodeId: string): Promise<NodeView | undefined> {
      const [node] = await read([nodeId])
      return node
    },

    /** Those of these that there are, in this order. */
    async findEach(ids: string[]): Promise<NodeView[]> {
      if (ids.length === 0) return []
      const found = new Map((await read(ids)).map((node) => [node.id, node]))
      return ids.flatMap((id) => found.get(id) ?? [])
    },
  }
}

const everyNode = (db: Database) =>
  db
    .selectFrom('node')
    .leftJoin('lease', 'lease.node_id', 'node.id')
    .leftJoin('other_address as other', (join) =>
      join.onRef('other.node_id', '=', 'lease.node_id').on(otherAddressCounts),
    )
    .leftJoin('node_uplink', 'node_uplink.node_id', 'node.id')
    .leftJoin('node_limit', 'node_limit.node_id', 'node.id')
    .leftJoin('node_metrics', 'node_metrics.node_id', 'node.id')
    .select(['node.id', 'node.name', 'node.enrolled_at', 'node.revoked_at'])
    .select(['lease.release', 'lease.claimed', 'lease.rtmp_port', 'lease.cdn_port'])
    .select('other.address as other_address')
    // Of those who claim one, all the others would be read in vain.
    .select(({ case: choose, ref }) =>
      choose().when('lease.claimed', 'is', null).then(ref('lease.addresses')).end().as('addresses'),
    )
    .select(['lease.alive_since', 'lease.beat_at', 'lease.ends_at', 'lease.quarantined_until'])
    .select(['node_limit.duty', 'node_limit.since as duty_since'])
    .select(['node_limit.viewers as most_viewers', 'node_limit.bits_per_second as cap'])
    .select(['lease.load_viewers', 'lease.load_bits', 'lease.most_bits'])
    .select(['node_uplink.family as line_family', 'node_uplink.address as line_address'])
    .select(['node_uplink.bits_per_second as measured', 'node_uplink.cause as line_cause'])
    .select('node_uplink.tried_at')
    .select(['node_metrics.metrics', 'node_metrics.received_at'])
    .orderBy('node.name')
    .orderBy('node.id')

type FoundFromOutside = Awaited<ReturnType<typeof foundFromOutside>>

function alive({ alive_since, ends_at }: { alive_since: Date | null; ends_at: Date | null }, at: Date) {
  if (!alive_since || !ends_at) return {}
  return { alive: ends_at > at ? { is: true, since: alive_since } : { is: false, since: ends_at } }
}

/** May be of a release that is gone, as metrics may. */
function caseOf(addresses: string | null) {
  if (addresses === null) return {}
  const { data } = NodeAddress.array().safeParse(JSON.parse(addresses))
  return data ? { addressCase: addressCase(data) } : {}
}

function latestMetrics({ metrics, received_at }: { metrics: string | null; received_at: Date | null }) {
  if (metrics === null || received_at === null) return {}
  const { data } = NodeMetrics.safeParse(JSON.parse(metrics)) // may be of a later release that was taken back
  return data ? { metrics: data, metricsAt: received_at } : {}
}
