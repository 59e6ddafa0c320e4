import { usedShare } from '../limits/line-budget.ts'
import { elapsed } from '../look/elapsed.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { Incident } from '../reachability/incident.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { Found, RuleName } from './alert-rules.ts'
import type { Disk, NodeHealth } from './node-health.ts'

export type Subject = { kind: 'node' | 'stream' | 'fleet'; id: string; name: string }

/** What was found of one subject by one rule. */
export type Observation = {
  rule: RuleName
  subject: Subject
  /** On which node it is, if on one. */
  nodeId?: string
  found: Found
  /** What is so just now, in one sentence. */
  says: () => string
}

export type FleetFacts = {
  nodes: NodeBrief[]
  streams: StreamView[]
  /** How fast the encoders of streams are, as far as nodes tell; 1: as fast as the source. */
  speeds: Map<string, number>
  /** What keeps the prober from being believed. */
  doubts: Incident[]
  /** Of nodes that have told it. */
  health: Map<string, NodeHealth & { daysUntilFull?: number }>
  now: Date
}

/** What a node said of itself says nothing of now when it is older. */
const STALE_MS = 60_000

/** All that rules look at. Who is not in it raises nothing and is over: taken out of the fleet, or in maintenance. */
export function observeFleet(facts: FleetFacts): Observation[] {
  const present = facts.nodes.filter(({ kind, duty }) => kind !== 'retired' && duty !== 'maintenance')
  const minded = new Set(present.map(({ id }) => id))
  return [
    ...(['IPv6', 'IPv4'] as const).map((family) => probing(family, facts)),
    ...facts.streams
      .filter(({ node }) => !node || minded.has(node.id))
      .flatMap((stream) => ofStream(stream, facts)),
    ...present.flatMap((node) => [...ofNode(node, facts), ...ofHealth(node, facts)]),
  ]
}

function probing(family: 'IPv4' | 'IPv6', { doubts }: FleetFacts): Observation {
  const doubt = doubts.find((each) => `IPv${each.family}` === family)
  return {
    rule: 'prober-doubted',
    subject: { kind: 'fleet', id: family, name: `Probing over ${family}` },
    found: doubt !== undefined,
    says: () =>
      doubt?.kind === 'freeze'
        ? `${doubt.failing} of ${doubt.lately} nodes fail their probes over ${family} at once.`
        : `This control plane cannot probe over ${family}: ${doubt?.cause ?? 'no way out'}.`,
  }
}

function ofStream({ name, state, stateSince, node }: StreamView, { speeds, now }: FleetFacts): Observation[] {
  const subject: Subject = { kind: 'stream', id: name, name }
  const at = { subject, ...(node && { nodeId: node.id }) }
  const speed = state === 'live' ? speeds.get(name) : undefined
  const pace = speed === undefined ? speed : percent(speed)
  const since = () => (stateSince ? ` for ${elapsed(stateSince, now)}` : '')
  return [
    {
      ...{ rule: 'stream-lost', ...at, found: state === 'lost' },
      says: () => `${node?.name ?? 'Its node'} has not spoken of it${since()}, and did not end it.`,
    },
    {
      ...{ rule: 'encoder-away', ...at, found: state === 'waiting' },
      says: () => `Nothing has been published to ${node?.name ?? 'its node'}${since()}.`,
    },
    {
      ...{ rule: 'encoder-behind', ...at, found: pace },
      says: () => `It is encoded at ${pace} % of real time.`,
    },
  ]
}

function ofNode(node: NodeBrief, { doubts, now }: FleetFacts): Observation[] {
  const at = { subject: subjectOf(node), nodeId: node.id }
  const inDoubt = new Set(doubts.map(({ family }) => family))
  const isHeld = node.missedOver?.every((family) => inDoubt.has(family)) ?? false
  const share = node.isAlive ? usedShare(node) : undefined
  return [
    {
      ...{ rule: 'node-unreachable', ...at, found: node.kind === 'down' },
      says: () => whyDown(node, now),
    },
    {
      ...{ rule: 'node-doubtful', ...at, found: node.kind === 'doubtful' && !isHeld },
      says: () =>
        node.missedOver
          ? `Probes have missed it over ${node.missedOver.map((family) => `IPv${family}`).join(' and ')}.`
          : 'One of its addresses fails, its segments do, or it comes and goes.',
    },
    {
      ...{ rule: 'uplink-full', ...at, found: share === undefined ? share : percent(share) },
      says: () => `It uses ${percent(share ?? 0)} % of what it may send.`,
    },
  ]
}

function whyDown({ urgency, heardAt, isAlive }: NodeBrief, now: Date): string {
  if (urgency >= 3) return 'More than one machine speaks with its key: a card or disk was copied.'
  if (isAlive) return 'It is alive, but viewers outside do not get to it.'
  return heardAt
    ? `It has been silent for ${elapsed(heardAt, now)}.`
    : 'It has not been heard since it enrolled.'
}

function ofHealth(node: NodeBrief, { health, now }: FleetFacts): Observation[] {
  const at = { subject: subjectOf(node), nodeId: node.id }
  const told = health.get(node.id)
  const known = told && node.isAlive && now.getTime() - told.at.getTime() < STALE_MS ? told : undefined
  const fullest = known && fullestOf(known.disks)
  const used = fullest && percent(fullest.usedBytes / fullest.totalBytes)
  const off = known && Math.round(Math.abs(known.clockOffSeconds))
  return [
    {
      ...{ rule: 'storage-full', ...at, found: used },
      says: () => `${used} % of ${fullest?.mount} is used.`,
    },
    {
      ...{ rule: 'storage-forecast', ...at, found: known?.daysUntilFull },
      says: () => `It is full in ${days(known?.daysUntilFull ?? 0)} at the pace of the last hours.`,
    },
    {
      ...{ rule: 'heat', ...at, found: known?.celsius },
      says: () => `Its processor has ${Math.round(known?.celsius ?? 0)} °C.`,
    },
    {
      ...{ rule: 'undervoltage', ...at, found: known?.undervoltage },
      says: () => 'Its board says that the voltage is too low now.',
    },
    {
      ...{ rule: 'card-worn', ...at, found: known?.wornPercent },
      says: () => `${known?.wornPercent} % of the life of its memory are spent, as the memory itself says.`,
    },
    {
      ...{ rule: 'clock-off', ...at, found: off },
      says: () => `Its clock is ${off} s ${(known?.clockOffSeconds ?? 0) > 0 ? 'behind' : 'ahead'}.`,
    },
  ]
}

const fullestOf = (disks: Disk[]) =>
  disks.toSorted((one, other) => other.usedBytes / other.totalBytes - one.usedBytes / one.totalBytes)[0]

const subjectOf = ({ id, name }: NodeBrief): Subject => ({ kind: 'node', id, name })

const percent = (share: number) => (Number.isFinite(share) ? Math.round(100 * share) : 100)

const days = (figure: number) => (figure < 1 ? `${Math.round(24 * figure)} h` : `${figure.toFixed(1)} days`)
