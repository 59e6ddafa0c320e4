import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import type { StreamName } from '@sixcast/shared/contract/names.ts'
import type { PathwayId } from '@sixcast/shared/contract/steering.ts'
import type { Egress } from '../limits/line-budget.ts'
import { SERVICES, type ServiceWord, serviceWord } from '../limits/node-service.ts'
import type { Standing } from '../reachability/standing.ts'
import { type KnownReport, presentReport } from '../streams/stream-state.ts'
import { type Place, pathwayId } from './pathway-id.ts'
import type { Tracks } from './stream-tracks.ts'

/** One node's last word about a session, with where that node is and how it stands there. */
export type KnownCopy = Omit<KnownReport, 'host'> & {
  streamName: StreamName
  tracks: () => Tracks
  /** Where a probe has found the node. */
  place?: Place | undefined
  /** Where one has found it in the family that its claimed address is not of. */
  other?: { place: Place; stood?: Stood | undefined } | undefined
  /** Where its last heartbeat came from. */
  source?: string
  leaseEndsAt?: Date
  /** When it was heard last: its load is as of then. */
  heardAt?: Date
  load?: Egress
  budget?: Egress
  /** How it stands at that place; absent when it asks to be found elsewhere by now. */
  stood?: Stood | undefined
  duty?: Duty | undefined
  /** It is told to copy this session. */
  ordered?: boolean
}

type Stood = { state: Standing; cause?: string }

/** Where viewers can be sent, and how the node stands there. */
type Found = {
  standing: ServiceWord
  /** Why it does not stand better. */
  cause?: string
  at?: (Place & { pathway: PathwayId }) | undefined
}

/** A node that reports a session of a stream. */
export type Copy = Found & {
  node: { id: string; name: string }
  session: string
  /** mirror: it was told to copy the origin's session. unasked: it reports that session, but nobody has told it to copy it. */
  role: 'origin' | 'mirror' | 'unasked'
  /** In the family that its claimed address is not of. */
  other?: Found
  source?: string
  /** Unknown unless the node tells. */
  load?: Egress
  budget?: Egress
  heardAt?: Date
}

export type LiveStream = {
  name: StreamName
  state: 'live' | 'waiting'
  session: string
  manifest: string
  tracks: () => Tracks
  copies: Copy[]
}

/** What is live where, or waits for its encoder. Whose word counts is the catalog's rule; the others who have the stream come along. */
export function liveStreams(known: KnownCopy[], now: Date): Map<StreamName, LiveStream> {
  const streams = [...Map.groupBy(known, ({ streamName }) => streamName).values()].flatMap(
    (ofStream) => liveStream(ofStream, now) ?? [],
  )
  return new Map(streams.map((stream) => [stream.name, stream]))
}

function liveStream(known: KnownCopy[], now: Date): LiveStream | undefined {
  const origin = presentReport(known.map(withHost), now)
  if (!origin || (origin.state !== 'live' && origin.state !== 'waiting')) return undefined
  const fresh = known.filter(({ livesUntil, node }) => livesUntil > now && !node.revoked)
  const told = fresh.find(({ node, session }) => node.id === origin.node.id && session === origin.session)
  if (!told) return undefined
  const copies = fresh
    // A mirror may still be live when its origin has begun to wait.
    .filter(({ state }) => state === 'live' || state === told.state)
    .map((copy) => copyOf(copy, told, now))
  return {
    name: told.streamName,
    state: origin.state,
    session: told.session,
    manifest: told.manifest,
    tracks: told.tracks,
    copies,
  }
}

/** The rule only asks whether there is one. */
function withHost(copy: KnownCopy): KnownReport {
  const place = copy.place ?? copy.other?.place
  return { ...copy, ...(place && { host: place.address }) }
}

function copyOf(copy: KnownCopy, origin: KnownCopy, now: Date): Copy {
  const { node, session, other, source } = copy
  return {
    node: { id: node.id, name: node.name },
    session,
    role: roleOf(copy, origin),
    ...foundOf(copy, now),
    ...(other && { other: foundOf({ ...copy, ...other, stood: other.stood }, now) }),
    ...(source !== undefined && { source }),
    ...(copy.load && { load: copy.load }),
    ...(copy.budget && { budget: copy.budget }),
    ...(copy.heardAt && { heardAt: copy.heardAt }),
  }
}

/** Who says to copy is believed if it was told to. While the origin is silent there is none, and a mirror's word counts. */
function roleOf(copy: KnownCopy, told: KnownCopy): Copy['role'] {
  if (copy.role === 'mirror') return copy.ordered ? 'mirror' : 'unasked'
  return copy === told ? 'origin' : 'unasked'
}

const foundOf = (copy: KnownCopy, now: Date): Found => ({
  ...standingOf(copy, now),
  ...(copy.place && { at: { ...copy.place, pathway: pathwayId(copy.node.id, copy.place) } }),
})

/** The one rule: the standing is what the prober keeps, and a node may be used from the first moment at which a probe has found it. */
function standingOf(copy: KnownCopy, now: Date): Pick<Copy, 'standing' | 'cause'> {
  const { state, cause } = seenOf(copy, now)
  const word = serviceWord({ duty: copy.duty, standing: state })
  return { standing: word, ...(cause !== undefined && SERVICES[word].viewers !== 'sent' && { cause }) }
}

function seenOf({ place, stood, leaseEndsAt }: KnownCopy, now: Date): { state: Standing; cause?: string } {
  if (!place) return { state: 'pending', cause: 'No probe has found it yet.' }
  if (!stood) return { state: 'suspect', cause: 'It asks to be found at another address by now.' }
  // The prober looks every ten seconds: a node that has just left is known here before.
  const isOverdue = !leaseEndsAt || leaseEndsAt <= now
  return stood.state === 'healthy' && isOverdue
    ? { state: 'suspect', cause: 'Its heartbeat is overdue.' }
    : stood
}
