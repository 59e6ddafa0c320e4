import type { PathwayClone, PathwayId, SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { SERVICES } from '../limits/node-service.ts'
import type { Copy, LiveStream } from './live-streams.ts'
import { leadsTo, RELAY } from './pathway-id.ts'
import { trackUri } from './play-playlist.ts'
import type { Pathway } from './rank-pathways.ts'
import { type SteeringTicket, steeringUri } from './steering-ticket.ts'

const TTL_SECONDS = 10
/** While something is wrong players ask sooner. */
const TTL_IN_INCIDENT_SECONDS = 5
/** A fifth more or less, so that players who came together do not ask together for ever. */
const JITTER = 0.2

type Player = {
  /** As its address has it; not always a stream's name. */
  name: string
  ticket: SteeringTicket
  present: PathwayId | undefined
  /** From 0 to 1. */
  random: number
}

type Order = Player & { stream: LiveStream; pathways: Pathway[] }

/** Where a player goes now, and what it has to know to go there. */
export function steeringManifest({ stream, pathways, ...player }: Order): SteeringManifest {
  const { name, ticket, present, random } = player
  const clones = clonesOf(stream, pathways, ticket)
  const has = [...ticket.has, ...clones.map(({ ID }) => ID)]
  const isIncident = stream.copies.some((copy) => isTroubled(copy, present))
  return {
    VERSION: 1,
    TTL: ttl(isIncident ? TTL_IN_INCIDENT_SECONDS : TTL_SECONDS, random),
    'RELOAD-URI': steeringUri(name, { ...ticket, has }),
    // Where he is stays open to him to the last: it may work for him.
    'PATHWAY-PRIORITY': unique([...pathways.map(({ pathway }) => pathway), ...(present ? [present] : [])]),
    ...(clones.length > 0 && { 'PATHWAY-CLONES': clones }),
  }
}

const IN_DOUBT: Copy['standing'][] = ['suspect', 'flapping', 'unreachable', 'offline']

/** Who is at a node that is being emptied is to hear soon where else he can go; nobody else has anything of that. */
const isTroubled = ({ standing, node }: Copy, present: PathwayId | undefined) =>
  IN_DOUBT.includes(standing) ||
  (SERVICES[standing].viewers === 'emptied' && present !== undefined && leadsTo(present, node.id))

/** For a player of whose stream nothing is known (any more): it is left where it is. */
export function unchangedManifest({ name, ticket, present, random }: Player): SteeringManifest {
  return {
    VERSION: 1,
    TTL: ttl(TTL_IN_INCIDENT_SECONDS, random),
    'RELOAD-URI': steeringUri(name, ticket),
    'PATHWAY-PRIORITY': unique([...(present ? [present] : []), RELAY]),
  }
}

const ttl = (seconds: number, random: number) => Math.round(seconds * (1 - JITTER + 2 * JITTER * random))

const unique = (pathways: PathwayId[]) => [...new Set(pathways)]

/** Pathways that were not there when the player loaded its playlist, or lead to a node that has moved since. */
function clonesOf(stream: LiveStream, pathways: Pathway[], { has }: SteeringTicket): PathwayClone[] {
  const base = has.find((pathway) => pathway === RELAY) ?? has[0]
  const unknown = pathways.filter(({ pathway }) => !has.includes(pathway))
  if (!base || unknown.length === 0) return []
  const { renditions, audio } = stream.tracks()
  return unknown.map(({ pathway, host }) => {
    const urisOf = (ids: string[]) => Object.fromEntries(ids.map((id) => [id, trackUri(host, stream, id)]))
    return {
      'BASE-ID': base,
      ID: pathway,
      'URI-REPLACEMENT': {
        'PER-VARIANT-URIS': urisOf(renditions.map(({ id }) => id)),
        ...(audio && { 'PER-RENDITION-URIS': urisOf([audio.id]) }),
      },
    }
  })
}
