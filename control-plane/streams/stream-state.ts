import type { StreamView } from './stream-view.ts'

/** The last word of one node about one session of a stream, with what is known of that node. */
export type KnownReport = {
  state: 'live' | 'waiting' | 'ended'
  manifest: string
  session: string
  height?: number
  /** First heard of. */
  since: Date
  /** In this state without a break. */
  stateSince: Date
  livesUntil: Date
  node: { id: string; name: string; revoked: boolean }
  /** The node's CDN endpoint at the address where a probe found it. Absent before the first. */
  host?: string
}

const RANK = ['live', 'waiting', 'lost', 'ended'] as const
type State = (typeof RANK)[number]

/** A session belongs to the node that reported it first: no other can draw its viewers to itself. */
export const ownReports = (reports: KnownReport[]): KnownReport[] =>
  [...Map.groupBy(reports, ({ session }) => session).values()].flatMap((ofSession) =>
    ofSession.toSorted((a, b) => a.since.getTime() - b.since.getTime()).slice(0, 1),
  )

/**
 * What a stream is now, from all that was ever reported of it: the best state counts. Of several nodes that have it live, the
 * one that has had it so for longest keeps it, so that no newcomer takes a stream away; else the newest session counts.
 */
function presentReport(reports: KnownReport[], now: Date) {
  return [...Map.groupBy(ownReports(reports), ({ node }) => node.id).values()]
    .flatMap((ofNode) => presentOf(withoutForgotten(ofNode, now), now))
    .sort(
      (a, b) =>
        byRank(a, b) || (a.state === 'live' ? a.stateSince.getTime() - b.stateSince.getTime() : newest(a, b)),
    )[0]
}

/** The one session of a node that counts. */
const presentOf = (ofNode: KnownReport[], now: Date) =>
  ofNode
    .map((report) => ({ ...report, ...stateOf(report, now) }))
    .sort((a, b) => byRank(a, b) || newest(a, b))
    .slice(0, 1)

const byRank = (a: { state: State }, b: { state: State }) => RANK.indexOf(a.state) - RANK.indexOf(b.state)

const newest = (a: { since: Date }, b: { since: Date }) => b.since.getTime() - a.since.getTime()

/** A session that a node never ended, and spoke of others since, is not lost: it is over. */
function withoutForgotten(ofNode: KnownReport[], now: Date): KnownReport[] {
  const latest = Math.max(...ofNode.map(({ livesUntil }) => livesUntil.getTime()))
  return ofNode.filter(
    (report) => stateOf(report, now).state !== 'lost' || report.livesUntil.getTime() === latest,
  )
}

/** A report is believed while it lives; what a revoked node said is over. What nobody reported began when the last report ran out. */
function stateOf(
  { state, stateSince, livesUntil, node }: KnownReport,
  now: Date,
): { state: State; stateSince: Date } {
  if (state === 'ended') return { state, stateSince }
  if (node.revoked) return { state: 'ended', stateSince: livesUntil }
  return now < livesUntil ? { state, stateSince } : { state: 'lost', stateSince: livesUntil }
}

type CatalogEntry = Pick<StreamView, 'name' | 'title' | 'description' | 'open'>

export function streamView(entry: CatalogEntry, reports: KnownReport[], now: Date): StreamView {
  const report = presentReport(reports, now)
  if (!report) return { ...entry, state: 'never' }
  const { state, session, since, stateSince, height, node, host, manifest } = report
  return {
    ...entry,
    state,
    session,
    since,
    stateSince,
    node: { id: node.id, name: node.name },
    ...(height !== undefined && { height }),
    ...(state !== 'ended' && host !== undefined && { host, manifest }),
  }
}
