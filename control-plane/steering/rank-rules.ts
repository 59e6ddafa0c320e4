import { hash } from 'node:crypto'
import type { PathwayId } from '@sixcast/shared/contract/steering.ts'
import { familyOf, urlHost } from '../addresses/addresses.ts'
import { headroomRank, usedShare } from '../limits/line-budget.ts'
import { SERVICES } from '../limits/node-service.ts'
import type { Copy } from './live-streams.ts'
import { leadsTo, RELAY } from './pathway-id.ts'
import { siteOf } from './viewer-site.ts'

/** Who asks, and how. */
export type Viewing = {
  /** Where he comes from. */
  address: string
  /** The host his request was sent to, without port. */
  requestHost: string
  /** His player has found that IPv6 works, though he came by IPv4. */
  six: boolean
  /** His player opens no addresses of IPv6. */
  onlyFour?: boolean
  /** Drawn once for a playback, so that all its questions have one answer. */
  viewer: string
  /** The pathway he plays from. */
  present?: PathwayId | undefined
  /** Those that his player has had trouble with. */
  exclude: PathwayId[]
}

/** A way to a stream: a node's copy of it, or the relay. */
export type Way = {
  pathway: PathwayId
  /** Absent for the relay. */
  copy?: Copy
  /** Where this viewer fetches it, host:port. Absent if no probe has found the node. */
  host?: string
  load?: Copy['load']
  budget?: Copy['budget']
}

type Rule = {
  name: string
  /** Why a way comes after another, when this rule decides. */
  behind: string
  /** The lower, the better. */
  rank: (way: Way, viewing: Viewing) => number
}

/** Each rule decides between those ways that the rules before it find equal. */
export const RULES: Rule[] = [
  {
    name: 'serving',
    behind: 'it is being emptied',
    rank: ({ copy }) => Number(viewersOf(copy) === 'emptied'),
  },
  {
    name: 'spared',
    behind: 'the player asks to be spared it',
    rank: ({ pathway }, { exclude }) => Number(exclude.includes(pathway)),
  },
  {
    name: 'family',
    behind: 'it is less certain that the viewer can reach its address',
    rank: familyRank,
  },
  {
    name: 'standing',
    behind: 'its last probe or heartbeat leaves a doubt',
    rank: ({ copy }) => Number(viewersOf(copy) === 'doubted'),
  },
  {
    name: 'asked',
    behind: 'the stream is not published to it, and nobody has asked it to copy it',
    rank: ({ copy }) => Number(copy?.role === 'unasked'),
  },
  {
    name: 'site',
    behind: 'it does not stand at the viewer’s own site',
    rank: (way, { address }) => Number(!sharesSite(way, address)),
  },
  {
    name: 'stays',
    behind: 'the viewer plays from the other',
    rank: (way, viewing) => Number(!isPresent(way, viewing)),
  },
  {
    name: 'headroom',
    behind: 'it has less headroom',
    rank: (way) => headroomRank(usedShare(way)),
  },
  {
    name: 'lot',
    behind: 'by lot',
    rank: ({ copy }, { viewer }) => lotOf(viewer, copy?.node.id ?? RELAY),
  },
]

/** What the standing of a node means for viewers; the relay has none. */
export const viewersOf = (copy: Copy | undefined) => (copy ? SERVICES[copy.standing].viewers : undefined)

/** Whether he plays from there, at whatever address the node was then. */
export const isPresent = ({ copy }: Way, { present }: Viewing): boolean =>
  present !== undefined && (copy ? leadsTo(present, copy.node.id) : present === RELAY)

const SHARED = 0
/** Lines with IPv6 nearly always have IPv4 as well; it just does not show. */
const LIKELY = 1
const THROUGH_RELAY = 2
/** Lines that have shown IPv4 alone: most of them have nothing else. */
const UNLIKELY = 3

function familyRank({ copy, host }: Way, { address, six, present }: Viewing): number {
  if (!copy?.at) return THROUGH_RELAY
  if (copy.at.pathway === present) return SHARED // he has shown it by playing
  const node = copy.at.address
  const isMapped = host !== `${urlHost(node)}:${copy.at.port}` // found under the name the viewer came by
  if (isMapped || isThisMachine(node) || familyOf(node) === familyOf(address)) return SHARED
  if (familyOf(node) === 4) return LIKELY
  return six ? SHARED : UNLIKELY
}

const isThisMachine = (address: string) => address === '::1' || address.startsWith('127.')

function sharesSite({ copy }: Way, viewer: string): boolean {
  const site = siteOf(viewer)
  const places = [copy?.at?.address, copy?.source]
  return site !== undefined && places.some((address) => address !== undefined && siteOf(address) === site)
}

/** The same for a viewer and a node whoever else is there: a node that goes moves its own viewers and nobody else. */
const lotOf = (viewer: string, nodeId: string) =>
  Number.parseInt(hash('sha256', `${viewer} ${nodeId}`).slice(0, 12), 16)
