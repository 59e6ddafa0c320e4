import type { StreamName } from '@sixcast/shared/contract/names.ts'
import type { PathwayId } from '@sixcast/shared/contract/steering.ts'
import { type KnownReport, presentReport } from '../streams/stream-state.ts'
import { type Place, pathwayId } from './pathway-id.ts'
import type { Tracks } from './stream-tracks.ts'

/** One node's last word about a session, with where that node is and what the last probe found there. */
export type KnownCopy = Omit<KnownReport, 'host'> & {
  streamName: StreamName
  tracks: () => Tracks
  /** Where a probe has found the node. */
  place?: Place | undefined
  /** Where its last heartbeat came from. */
  source?: string
  leaseEndsAt?: Date
  /** The last probe of that place. */
  probe?: { reachable: boolean; since: Date; cause?: string } | undefined
  /** It is told to copy this session. */
  ordered?: boolean
}

/** pending: no probe has found it yet. suspect: good for who is there, and for others if there is nothing better. */
export type Standing = 'healthy' | 'suspect' | 'unreachable' | 'pending'

/** What a node sends, and what it may send. */
type Egress = { viewers?: number; bitsPerSecond?: number }

/** A node that reports a session of a stream. */
export type Copy = {
  node: { id: string; name: string }
  session: string
  /** mirror: it was told to copy the origin's session. unasked: it reports that session, but nobody has told it to copy it. */
  role: 'origin' | 'mirror' | 'unasked'
  standing: Standing
  /** Why it does not stand better. */
  cause?: string
  at?: (Place & { pathway: PathwayId }) | undefined
  source?: string
  /** Unknown unless the node tells. */
  load?: Egress
  budget?: Egress
}

export type LiveStream = {
  name: StreamName
  state: 'live' | 'waiting'
  session: string
  manifest: string
  tracks: () => Tracks
  copies: Copy[]
}

/** A probe fails now and then. What has not been found for two probes is not there. */
const SUSPECT_MS = 5000

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
const withHost = (copy: KnownCopy): KnownReport => ({
  ...copy,
  ...(copy.place && { host: copy.place.address }),
})

function copyOf(copy: KnownCopy, origin: KnownCopy, now: Date): Copy {
  const { node, session, place, source } = copy
  return {
    node: { id: node.id, name: node.name },
    session,
    role: roleOf(copy, origin),
    ...standingOf(copy, now),
    ...(place && { at: { ...place, pathway: pathwayId(node.id, place) } }),
    ...(source !== undefined && { source }),
  }
}

/** Who says to copy is believed if it was told to. While the origin is silent there is none, and a mirror's word counts. */
function roleOf(copy: KnownCopy, told: KnownCopy): Copy['role'] {
  if (copy.role === 'mirror') return copy.ordered ? 'mirror' : 'unasked'
  return copy === told ? 'origin' : 'unasked'
}

function standingOf({ place, probe, leaseEndsAt }: KnownCopy, now: Date): Pick<Copy, 'standing' | 'cause'> {
  if (!place) return { standing: 'pending', cause: 'No probe has found it yet.' }
  if (!probe) return { standing: 'suspect', cause: 'It asks to be found at another address by now.' }
  if (!probe.reachable) {
    const lasting = now.getTime() - probe.since.getTime() >= SUSPECT_MS
    return { standing: lasting ? 'unreachable' : 'suspect', ...(probe.cause && { cause: probe.cause }) }
  }
  if (leaseEndsAt && leaseEndsAt > now) return { standing: 'healthy' }
  return { standing: 'suspect', cause: 'Its heartbeat is overdue.' }
}
