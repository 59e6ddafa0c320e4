import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import { PROBE_FAILURES, probeRemedy } from '../reachability/probe-failure.ts'
import type { NodeView } from './node-view.ts'

type Found = Required<Pick<NodeView, 'reachable' | 'standings' | 'segments'>>
type Claiming = { id: string; claimed: string | null; other_address: string | null; cdn_port: number | null }

type ProbeRow = Tables['reachability']
type StandingRow = Tables['standing']
type SegmentRow = Tables['segment_fact']

/** What was found from outside, of these nodes or of every one, where it asks to be found now. */
export async function foundFromOutside(db: Database, ids?: string[]): Promise<(node: Claiming) => Found> {
  const [probes, standings, segments] = await Promise.all([
    db
      .selectFrom('reachability')
      .selectAll()
      .orderBy('family', 'desc')
      .$if(ids !== undefined, (query) => query.where('node_id', 'in', ids ?? []))
      .execute(),
    db
      .selectFrom('standing')
      .selectAll()
      .orderBy('family', 'desc')
      .$if(ids !== undefined, (query) => query.where('node_id', 'in', ids ?? []))
      .execute(),
    db
      .selectFrom('segment_fact')
      .selectAll()
      .orderBy('family', 'desc')
      .$if(ids !== undefined, (query) => query.where('node_id', 'in', ids ?? []))
      .execute(),
  ])
  const [probesOf, standingsOf, segmentsOf] = [byClaim(probes), byClaim(standings), byClaim(segments)]
  return (node) => {
    const stood = standingsOf(node)
    return {
      reachable: probesOf(node).map((probe) => reachableView(probe, remedyOf(node, stood, probe))),
      standings: stood.map(standingView),
      segments: segmentsOf(node).map(segmentView),
    }
  }
}

/** What was found where a node asked to be found before says nothing any more. */
function byClaim<Row extends { node_id: string; address: string }>(rows: Row[]) {
  const ofNode = Map.groupBy(rows, ({ node_id }) => node_id)
  return ({ id, claimed, other_address }: Claiming): Row[] =>
    (ofNode.get(id) ?? []).filter(({ address }) => address === claimed || address === other_address)
}

const reachableView = (
  { family, reachable, since, checked_at, cause }: ProbeRow,
  remedy: string | undefined,
) => ({
  family,
  is: reachable,
  since,
  checkedAt: checked_at,
  ...(cause !== null && { cause }),
  ...(remedy !== undefined && { remedy }),
})

function remedyOf({ cdn_port }: Claiming, stood: StandingRow[], { family, address, reachable }: ProbeRow) {
  const last = stood.find((standing) => standing.family === family)?.failure
  const failure = PROBE_FAILURES.find((each) => each === last)
  if (reachable || !failure || cdn_port === null) return undefined
  return probeRemedy(failure, { address, port: cdn_port })
}

const standingView = ({ family, state, since, cause }: StandingRow) => ({
  family,
  state,
  since,
  ...(cause !== null && { cause }),
})

const segmentView = ({ family, stream_name, fetched, since, checked_at, ...fact }: SegmentRow) => ({
  family,
  is: fetched,
  since,
  checkedAt: checked_at,
  stream: stream_name,
  ...(fact.bytes !== null && { bytes: fact.bytes }),
  ...(fact.milliseconds !== null && { milliseconds: fact.milliseconds }),
  ...(fact.cause !== null && { cause: fact.cause }),
})
