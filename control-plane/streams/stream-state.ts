import type { StreamView } from './stream-view.ts'

/** The last word of one node about one session of a stream, with what is known of that node. */
export type KnownReport = {
  state: 'live' | 'waiting' | 'ended'
  manifest: string
  session: string
  height?: number
  since: Date
  livesUntil: Date
  node: { id: string; name: string; revoked: boolean }
  /** The node's CDN endpoint at the address where a probe found it. Absent before the first. */
  host?: string
}

const RANK = ['live', 'waiting', 'lost', 'ended'] as const

/** What a stream is now, from all that was ever reported of it: the best state counts, of equals the newest session. */
function presentReport(reports: KnownReport[], now: Date) {
  return [...Map.groupBy(reports, ({ node }) => node.id).values()]
    .flatMap((ofNode) => withoutForgotten(ofNode, now))
    .map((report) => ({ ...report, state: stateOf(report, now) }))
    .sort(
      (a, b) =>
        RANK.indexOf(a.state) - RANK.indexOf(b.state) ||
        b.since.getTime() - a.since.getTime() ||
        a.node.id.localeCompare(b.node.id),
    )[0]
}

/** A session that a node never ended, and spoke of others since, is not lost: it is over. */
function withoutForgotten(ofNode: KnownReport[], now: Date): KnownReport[] {
  const latest = Math.max(...ofNode.map(({ livesUntil }) => livesUntil.getTime()))
  return ofNode.filter((report) => stateOf(report, now) !== 'lost' || report.livesUntil.getTime() === latest)
}

/** A report is believed while it lives; what a revoked node said is over. */
function stateOf({ state, livesUntil, node }: KnownReport, now: Date): (typeof RANK)[number] {
  if (state === 'ended' || node.revoked) return 'ended'
  return now < livesUntil ? state : 'lost'
}

type CatalogEntry = Pick<StreamView, 'name' | 'title' | 'description' | 'open'>

export function streamView(entry: CatalogEntry, reports: KnownReport[], now: Date): StreamView {
  const report = presentReport(reports, now)
  if (!report) return { ...entry, state: 'never' }
  const { state, session, since, height, node, host, manifest } = report
  return {
    ...entry,
    state,
    session,
    since,
    node: { id: node.id, name: node.name },
    ...(height !== undefined && { height }),
    ...(state !== 'ended' && host !== undefined && { host, manifest }),
  }
}
