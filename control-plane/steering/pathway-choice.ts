import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { PathwayId, SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { type Admission, admission, viewerCost } from './admission.ts'
import type { FleetSnapshot } from './fleet-snapshot.ts'
import type { LiveStream } from './live-streams.ts'
import { RELAY } from './pathway-id.ts'
import { isFound, type Pathway, pathwaysFor, rankPathways } from './rank-pathways.ts'
import { isPresent, type Viewing } from './rank-rules.ts'
import { steeringManifest, unchangedManifest } from './steering-manifest.ts'
import type { SteeringTicket } from './steering-ticket.ts'

export type PathwayChoice = ReturnType<typeof pathwayChoice>

type Dependencies = {
  fleet: FleetSnapshot
  relayPort: number
  admission?: Admission
  random?: () => number
}
type Seen = Pick<Viewing, 'address' | 'requestHost'>
type Steered = {
  ticket: SteeringTicket
  present: PathwayId | undefined
  exclude: PathwayId[]
  seen: Seen
}

/** Which way a viewer goes, by what is live where now. */
export function pathwayChoice({
  fleet,
  relayPort,
  admission: admitted = admission(),
  random = Math.random,
}: Dependencies) {
  /** What is to be chosen from, with what is sent on each way by now. */
  function question(known: LiveStream) {
    const { stream, relay } = admitted.weigh(known)
    return { stream, relay: { ...relay, port: relayPort }, cost: viewerCost(known.tracks()) }
  }

  async function find(name: string): Promise<LiveStream> {
    const { names, streams } = await fleet.present()
    if (!names.has(name)) throw new Problem('unknown-stream')
    const stream = streams.get(name)
    if (stream) return stream
    throw new Problem('not-live')
  }

  return {
    /** For who begins. Only what is live takes new viewers. `first` is the way that he will take. */
    async begin(
      name: string,
      viewing: Viewing,
      first = (pathways: Pathway[]) => pathways[0],
    ): Promise<{ stream: LiveStream; pathways: Pathway[] }> {
      const stream = await find(name)
      if (stream.state !== 'live' || stream.tracks().renditions.length === 0) throw new Problem('not-live')
      const asked = question(stream)
      const pathways = pathwaysFor({ ...asked, viewing })
      if (pathways.length > 0) {
        admitted.sentTo(first(pathways)?.copy, asked.cost, viewing.address)
        return { stream, pathways }
      }
      throw noWayTo(stream)
    },

    /** For who plays. Nobody is ever refused: of whose stream nothing is known, he is left where he is. */
    async steer(name: string, { ticket, present, exclude, seen }: Steered): Promise<SteeringManifest> {
      const player = { name, ticket, present, random: random() }
      const stream = (await fleet.lastKnown())?.streams.get(name)
      // Another session's pictures do not continue those that he has.
      if (!stream || (ticket.session && ticket.session !== stream.session)) return unchangedManifest(player)
      const viewing = { ...seen, ...ticket, present, exclude }
      const asked = question(stream)
      if (present === RELAY) admitted.playsThroughRelay(asked.cost, seen.address)
      const pathways = pathwaysFor({ ...asked, viewing })
      const [first] = pathways
      if (!first) return unchangedManifest(player)
      if (present !== undefined && !isPresent(first, viewing))
        admitted.sentTo(first.copy, asked.cost, seen.address)
      return steeringManifest({ ...player, stream, pathways })
    },

    /** All that is thought of for such a viewer, and why. */
    async explain(name: string, viewing: Viewing) {
      const stream = await find(name)
      return { stream, candidates: rankPathways({ ...question(stream), viewing }) }
    },
  }
}

const noWayTo = ({ copies }: LiveStream) =>
  isFound(copies)
    ? new Problem(
        'fleet-full',
        'All ways to this stream send as much as they may. Try again in some minutes.',
      )
    : new Problem(
        'out-of-reach',
        'This stream is live, but nobody outside can reach the node that has it. Try again in a minute.',
      )
