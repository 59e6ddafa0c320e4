import type { StreamView } from './stream-view.ts'

/** The last word of one node about one session of a stream, with what is known of that node. */
export type KnownReport = {
  state: 'live' | 'waiting' | 'ended'
  manifest: string
  session: string
  height?: number
  /** Who fetches it from this node now. */
  viewers?: number
  /** First heard of. */
  since: Date
  /** In this state without a break. */
  stateSince: Date
  livesUntil: Date
  /** mirror: it copies what another makes. Absent, from releases that did not copy: origin. */
  role?: 'origin' | 'mirror'
  node: { id: string; name: string; revoked: boolean }
  /** The node's CDN endpoint at the address where a probe found it. Absent before the first. */
  host?: string
}

const RANK = ['live', 'waiting', 'lost', 'ended'] as const
type State = (typeof RANK)[number]

/**
 * Whose word counts. A session's id is public, so anybody in the fleet can report it, and be the first to do so: neither makes it
 * theirs. Each node therefore speaks for itself alone. What a revoked node says is not heard beside others. Who makes a stream is
 * believed before who says to copy it, however long each has been live; a mirror is heard once no origin is, unless the origin
 * has ended the session. Of several origins live is believed before everything else, and of those that are live the one that has
 * been so for longest without a break (if a probe has found it: viewers cannot be sent anywhere else): a report of another can
 * neither end nor replace it. Once it is live no more, whoever still is carries the stream on.
 */
export function presentReport(reports: KnownReport[], now: Date) {
  const present = [...Map.groupBy(heard(reports), ({ node }) => node.id).values()].flatMap((ofNode) =>
    presentOf(withoutForgotten(ofNode, now), now),
  )
  return withoutEnded(present).sort(
    (a, b) => byWord(a, b) || byRank(a, b) || (a.state === 'live' ? byOrigin(a, b) : newest(a, b)),
  )[0]
}

/** Where one session is kept, whatever has become of it since, by the same rule. */
export function reportOfSession(reports: KnownReport[], now: Date) {
  const trusted = reports
    .filter(({ node }) => !node.revoked)
    .map((report) => ({ ...report, ...stateOf(report, now) }))
  return withoutEnded(trusted).sort(
    (a, b) => byWord(a, b) || byRank(a, b) || (a.state === 'live' ? byOrigin(a, b) : livedLongest(a, b)),
  )[0]
}

type Heard = Omit<KnownReport, 'state'> & { state: State }

/** An origin that is heard, a mirror that is, an origin that was, a mirror that was. */
const byWord = (a: Heard, b: Heard) => wordOf(a) - wordOf(b)

const wordOf = (report: Heard) =>
  (report.state === 'live' || report.state === 'waiting' ? 0 : 2) + Number(isMirror(report))

const isMirror = ({ role }: Heard) => role === 'mirror'

/** What a mirror still has of a session that its origin has ended is its end. */
function withoutEnded(present: Heard[]): Heard[] {
  const origins = present.filter((report) => !isMirror(report))
  return present.filter((report) => !isMirror(report) || !hasEnded(report, origins))
}

function hasEnded({ session }: Heard, origins: Heard[]) {
  const own = origins.filter((origin) => origin.session === session)
  return own.length > 0 && own.every(({ state }) => state === 'ended')
}

/** A stream that only revoked nodes have carried has ended all the same. */
function heard(reports: KnownReport[]): KnownReport[] {
  const trusted = reports.filter(({ node }) => !node.revoked)
  return trusted.length > 0 ? trusted : reports
}

/** The one session of a node that counts. */
const presentOf = (ofNode: KnownReport[], now: Date) =>
  ofNode
    .map((report) => ({ ...report, ...stateOf(report, now) }))
    .sort((a, b) => byRank(a, b) || newest(a, b))
    .slice(0, 1)

const byRank = (a: { state: State }, b: { state: State }) => RANK.indexOf(a.state) - RANK.indexOf(b.state)

const newest = (a: { since: Date }, b: { since: Date }) => b.since.getTime() - a.since.getTime()

type Placed = Pick<KnownReport, 'host' | 'stateSince'>
const byOrigin = (a: Placed, b: Placed) =>
  Number(a.host === undefined) - Number(b.host === undefined) ||
  a.stateSince.getTime() - b.stateSince.getTime()

/** Before the present state: who only ever said that a session is over, or waits, has had none of it. */
const livedLongest = (a: Lived, b: Lived) => lived(b) - lived(a)
type Lived = { since: Date; stateSince: Date }
const lived = ({ since, stateSince }: Lived) => stateSince.getTime() - since.getTime()

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

export type CatalogEntry = Pick<
  StreamView,
  'name' | 'title' | 'description' | 'open' | 'category' | 'shown' | 'place' | 'poster'
>

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
    ...viewersOf(report, reports, now),
    ...(state !== 'ended' && host !== undefined && { host, manifest }),
  }
}

/** At its origin and all who copy it, as far as they tell. */
function viewersOf(present: Heard, reports: KnownReport[], now: Date) {
  const told = reports
    .filter(({ node, session }) => !node.revoked && session === present.session)
    .flatMap((report) => (stateOf(report, now).state === 'live' ? (report.viewers ?? []) : []))
  return present.state === 'live' && told.length > 0
    ? { viewers: told.reduce((all, each) => all + each, 0) }
    : {}
}
