import { addressCaseWords } from '@sixcast/shared/contract/address-case.ts'
import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import { elapsed } from '../look/elapsed.ts'
import { megabits } from '../look/megabits.ts'
import { type NodeBrief, SETTLING_MS } from '../nodes/node-brief.ts'
import { isDoubted } from '../nodes/node-list.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { familyName, isMinded } from '../nodes/node-words.ts'
import type { Incident } from '../reachability/incident.ts'
import type { StreamView } from '../streams/stream-view.ts'

export type Fleet = {
  /** Every node, briefly, by name. */
  nodes: NodeBrief[]
  /** Of those that may need somebody the worst, in full. */
  doubted: NodeView[]
  streams: StreamView[]
  incidents: Incident[]
  /** What players told in the last hour. */
  told: BeaconCount[]
}

/** Something an operator should look at: which node, what happened, what it means, what to do. */
type Matter = { node: NodeView; weight: number; what: string; remedy: string }

/** Is everything all right? The sentence an operator reads first. */
export function fleetSentence(fleet: Fleet, now: Date): string {
  const { streams, incidents } = fleet
  const present = fleet.nodes.filter(({ kind }) => kind !== 'retired')
  if (present.length === 0) return 'There is no node yet.'
  const troubled = troubledNodes(fleet, now)
  const well = incidents.length > 0 ? 'This control plane itself seems to be in trouble.' : allWell(present)
  return [troubled ? needing(troubled) : well, ...dutySentences(present), liveSentence(streams)].join(' ')
}

/** Of very many not each is looked at: then those count that do not do as they should. */
function troubledNodes({ nodes, doubted, incidents }: Fleet, now: Date): number {
  if (doubted.length < nodes.filter(isDoubted).length) {
    const inDoubt = new Set(incidents.map(({ family }) => family))
    const isHeld = ({ kind, missedOver }: NodeBrief) =>
      kind === 'doubtful' && missedOver !== undefined && missedOver.every((family) => inDoubt.has(family))
    return nodes.filter((node) => isFailing(node) && !isHeld(node)).length
  }
  return new Set(fleetMatters(doubted, now, incidents).map(({ node }) => node.id)).size
}

const isFailing = ({ kind }: NodeBrief) => kind === 'down' || kind === 'doubtful'

/** What viewers take now, of what is known of the lines. */
export function egressSentence(nodes: NodeBrief[]): string {
  const loads = nodes.flatMap(({ load }) => load ?? [])
  const viewers = total(loads.map((load) => load.viewers))
  if (loads.length === 0) return 'How many people watch is not known.'
  if (viewers === 0) return 'Nobody is watching.'
  const sent = total(loads.map((load) => load.bitsPerSecond))
  const words = `${viewers === 1 ? '1 viewer takes' : `${viewers.toLocaleString('en')} viewers take`} ${megabits(sent)} Mbit/s`
  const known = nodes.filter(({ load, budget }) => load && budget?.bitsPerSecond !== undefined)
  const room = total(known.map(({ budget }) => budget?.bitsPerSecond ?? 0))
  if (room === 0) return `${words}. What the lines can carry is not known.`
  const used = total(known.map(({ load }) => load?.bitsPerSecond ?? 0))
  return `${words}: ${Math.round((100 * used) / room)} % of the ${megabits(room)} Mbit/s that ${known.length === 1 ? 'its line' : `${known.length} lines`} may send.`
}

const total = (figures: number[]) => figures.reduce((sum, each) => sum + each, 0)

/** What keeps the prober from being believed, since when, and what follows. */
export function incidentSentence(incident: Incident, now: Date): string {
  const [family, since] = [familyName(incident), elapsed(incident.since, now)]
  if (incident.kind === 'blind')
    return `This control plane has been unable to probe over ${family} for ${since} (${incident.cause}): see to its own line. No node is taken from viewers for it.`
  return `${incident.failing} of ${incident.lately} nodes have failed their probes over ${family} at once, for ${since}: it may be this control plane’s own line. Those that viewers have now are not taken from them until that ends.`
}

/** The things to do, worst first. */
export function fleetMatters(nodes: NodeView[], now: Date, incidents: Incident[] = []): Matter[] {
  const inDoubt = new Set(incidents.map(({ family }) => family))
  return nodes
    .flatMap((node) => matterOf(node, now, inDoubt) ?? [])
    .sort((one, other) => other.weight - one.weight)
}

/** While the prober itself is in doubt over a family, what it missed there is told by the incident, unless the node had fallen before. */
const isHeld = ({ standings = [] }: NodeView, family: 4 | 6) =>
  standings.some((each) => each.family === family && each.state === 'suspect')

function matterOf(node: NodeView, now: Date, inDoubt: Set<4 | 6>): Matter | undefined {
  if (!isMinded(node)) return undefined
  const settling = (since: Date) => now.getTime() - since.getTime() < SETTLING_MS
  if (!node.alive) return settling(node.enrolledAt) ? undefined : neverSeen(node, now)
  if (!node.alive.is) return silent(node, silentSince(node, node.alive), now)
  if (node.quarantinedUntil) return quarantined(node)
  if (!node.claimed && node.reachable.length === 0)
    return settling(node.alive.since) ? undefined : unprobed(node)
  const failing = node.reachable.filter(
    ({ is, family }) => !is && !(inDoubt.has(family) && isHeld(node, family)),
  )
  if (failing.length === 0) return withoutSegment(node, now) ?? comingAndGoing(node)
  return failing.length === node.reachable.length
    ? unreachable(node, failing, now)
    : halfReachable(node, failing, now)
}

/** Its lease ran out only some time after its last beat: that is when it was last known to live. */
export const silentSince = ({ heardAt }: NodeView, { since }: { since: Date }): Date => heardAt ?? since

const silent = (node: NodeView, since: Date, now: Date): Matter => ({
  node,
  weight: 5,
  what: `has been silent for ${elapsed(since, now)}. Nobody is sent there.`,
  remedy: 'See whether it has power and a network.',
})

const quarantined = (node: NodeView): Matter => ({
  node,
  weight: 6,
  what: 'is in quarantine: more than one machine speaks with its key. Nobody is sent to any of them.',
  remedy:
    'A card or disk was copied. Switch the copy off, and the node is taken back ten minutes later; or revoke it, and enrol each machine with a claim of its own.',
})

const unreachable = (node: NodeView, failing: NodeView['reachable'], now: Date): Matter => ({
  node,
  weight: 4,
  what: `is alive, but viewers have not reached it for ${longest(failing, now)}.${causeOf(failing)}`,
  remedy: remedyOf(failing) ?? 'See whether its web server runs and its router lets viewers in.',
})

const neverSeen = (node: NodeView, now: Date): Matter => ({
  node,
  weight: 3,
  what: `was enrolled ${elapsed(node.enrolledAt, now)} ago and has not been heard since.`,
  remedy: 'See whether its agent runs and finds this control plane.',
})

function unprobed(node: NodeView): Matter {
  const words = node.addressCase && addressCaseWords[node.addressCase]
  return {
    node,
    weight: 2,
    what: words?.trouble
      ? `is alive, but ${words.what}.`
      : 'is alive, but names no address at which it could be probed from here.',
    remedy: words?.trouble ? words.remedy : 'It needs a global IPv6 or a public IPv4 address.',
  }
}

const halfReachable = (node: NodeView, failing: NodeView['reachable'], now: Date): Matter => ({
  node,
  weight: 1,
  what: `has not been reachable over ${failing.map(familyName).join(' and ')} for ${longest(failing, now)}.${causeOf(failing)}`,
  remedy: remedyOf(failing) ?? 'See whether its router lets in viewers who have only that kind of address.',
})

/** It is tried anew every ten seconds; what has just gone live may have none at the first try. */
const SEGMENT_MS = 15_000

function withoutSegment(node: NodeView, now: Date): Matter | undefined {
  const missed = node.segments?.find(({ is, stream }) => !is && node.streams.includes(stream))
  if (!missed || now.getTime() - missed.since.getTime() < SEGMENT_MS) return undefined
  return {
    node,
    weight: 3,
    what: `answers over ${familyName(missed)}, but none of its segments could be fetched from here for ${elapsed(missed.since, now)}. ${missed.cause ?? ''}`,
    remedy: 'See whether its media runs, and whether its line is full.',
  }
}

function comingAndGoing(node: NodeView): Matter | undefined {
  const flapping = node.standings?.filter(({ state }) => state === 'flapping') ?? []
  if (flapping.length === 0) return undefined
  return {
    node,
    weight: 1,
    what: `comes and goes over ${flapping.map(familyName).join(' and ')}: viewers lost it three times within ten minutes, or more often.`,
    remedy: 'See whether its line or its power is bad. After five quiet minutes it counts as healthy again.',
  }
}

function longest(failing: NodeView['reachable'], now: Date): string {
  return elapsed(new Date(Math.min(...failing.map(({ since }) => since.getTime()))), now)
}

function causeOf(failing: NodeView['reachable']): string {
  const cause = failing.find((probe) => probe.cause)?.cause
  return cause ? ` ${cause.replace(/\.$/, '')}.` : ''
}

const remedyOf = (failing: NodeView['reachable']) => failing.find(({ remedy }) => remedy)?.remedy

const needing = (count: number) =>
  count === 1 ? '1 node needs you.' : `${count.toLocaleString('en')} nodes need you.`

/** Not a trouble, but something to be ended some day. */
function dutySentences(nodes: NodeBrief[]): string[] {
  const count = (duty: Duty) => nodes.filter((node) => node.duty === duty).length
  return [
    ...amount(count('draining'), 'takes no new viewers', 'take no new viewers'),
    ...amount(count('maintenance'), 'is in maintenance', 'are in maintenance'),
  ]
}

const amount = (count: number, one: string, many: string) =>
  count === 0 ? [] : [count === 1 ? `1 node ${one}.` : `${count} nodes ${many}.`]

function allWell(present: NodeBrief[]): string {
  const nodes = present.filter(({ duty }) => duty !== 'maintenance')
  if (nodes.length === 0) return 'No node serves.'
  if (nodes.some(({ kind }) => kind === 'arriving')) return 'A node is just arriving.'
  const inDoubt = nodes.filter(isFailing).length
  if (inDoubt > 0) return inDoubt === 1 ? '1 node is in doubt.' : `${inDoubt} nodes are in doubt.`
  const which = nodes.length < present.length ? 'serving ' : ''
  if (nodes.length === 1) return `The one ${which}node is reachable.`
  const all = nodes.length === 2 ? 'Both' : `All ${nodes.length.toLocaleString('en')}`
  return `${all} ${which}nodes are reachable.`
}

function liveSentence(streams: StreamView[]): string {
  const live = streams.filter(({ state }) => state === 'live').length
  const interrupted = streams.filter(({ state }) => state === 'waiting' || state === 'lost').length
  const liveWords =
    live === 0 ? 'Nothing is live' : live === 1 ? '1 stream is live' : `${live} streams are live`
  return interrupted === 0 ? `${liveWords}.` : `${liveWords}, ${interrupted} interrupted.`
}
