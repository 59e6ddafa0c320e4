import type { MirrorChoice, MirrorChoices, MirrorRule } from './mirror-choice.ts'
import { lackSentence } from './mirror-words.ts'
import { type HeldReport, mirroredStreams } from './mirrored-streams.ts'
import { type MirroredStream, type MirrorNode, type PlannedOrder, planMirrors } from './plan-mirrors.ts'

/** A node that has a stream, or is told to copy it. */
export type Holder = {
  node: { id: string; name: string }
  /** unasked: it says to have the stream, and nobody has told it to copy it. */
  role: 'origin' | 'mirror' | 'unasked'
  /** ordered: it was told to copy, and has not said yet that it does. silent: it did, and is not heard just now. */
  state: 'live' | 'waiting' | 'ordered' | 'silent'
  since: Date
  standing: MirrorNode['standing'] | 'quarantined' | 'draining' | 'revoked'
}

/** Who has a stream, what is wanted of it, and why there is less. */
export type StreamMirrors = {
  /** Absent: the fleet's rule holds. */
  choice?: MirrorChoice
  /** Those that are chosen by name. */
  named?: { id: string; name: string }[]
  rule: MirrorRule
  /** None while nobody publishes it. */
  holders: Holder[]
  lacks: string[]
}

/** All that is known of mirrors at one moment. */
export type MirrorBoard = {
  choices: MirrorChoices
  reports: HeldReport[]
  orders: PlannedOrder[]
  nodes: MirrorNode[]
  at: Date
}

/** Of every stream that is live or waits, and of every one that is chosen for. */
export function streamMirrors(board: MirrorBoard): (name: string) => StreamMirrors {
  const { choices, reports, orders, nodes, at } = board
  const streams = mirroredStreams(reports, choices, at)
  const plan = planMirrors({ streams, nodes, orders, now: at })
  const byName = new Map(streams.map((stream) => [stream.name, stream]))
  const fleet = new Map(nodes.map((node) => [node.id, node]))
  const nameOf = (nodeId: string) => fleet.get(nodeId)?.name ?? nodeId

  return (name) => {
    const stream = byName.get(name)
    const choice = choices.ofStream.get(name)
    const named =
      choice && 'nodes' in choice ? { named: choice.nodes.map((id) => ({ id, name: nameOf(id) })) } : {}
    const said = { ...(choice && { choice }), ...named, rule: choices.rule }
    if (!stream) return { ...said, holders: [], lacks: [] }
    const ordered = plan.orders.filter((order) => order.stream === name).length
    return {
      ...said,
      holders: holdersOf(stream, board, fleet),
      lacks: (plan.lacks.get(name) ?? []).map((lack) => lackSentence(lack, ordered + 1, nameOf)),
    }
  }
}

type Fleet = Map<string, MirrorNode>

/** The origin first, then those that were told to copy. */
function holdersOf(stream: MirroredStream, { reports, orders, at }: MirrorBoard, fleet: Fleet): Holder[] {
  const told = orders.filter((order) => order.stream === stream.name && order.session === stream.session)
  const own = reports.filter(
    ({ streamName, session, state }) =>
      streamName === stream.name && session === stream.session && state !== 'ended',
  )
  const heard = own.map((report) => holderOf(report, { stream, told, fleet, at }))
  const unheard = told.filter(({ nodeId }) => !own.some(({ node }) => node.id === nodeId))
  const begun = unheard.flatMap(({ nodeId, since }) => {
    const node = fleet.get(nodeId)
    return node ? [{ ...placed(node), role: 'mirror' as const, state: 'ordered' as const, since }] : []
  })
  return [...heard, ...begun].sort(
    (a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || (a.node.id < b.node.id ? -1 : 1),
  )
}

const ROLES: Holder['role'][] = ['origin', 'mirror', 'unasked']

type Around = { stream: MirroredStream; told: PlannedOrder[]; fleet: Fleet; at: Date }

function holderOf(report: HeldReport, { stream, told, fleet, at }: Around): Holder {
  const { node, livesUntil, state, stateSince } = report
  const isHeard = livesUntil > at && state !== 'ended'
  return {
    node: { id: node.id, name: node.name },
    standing: standingOf(fleet.get(node.id)),
    role: roleOf(report, stream, told),
    state: isHeard ? state : 'silent',
    since: isHeard ? stateSince : livesUntil,
  }
}

function roleOf({ node, role }: HeldReport, { origin }: MirroredStream, told: PlannedOrder[]) {
  if (role === 'mirror') return told.some(({ nodeId }) => nodeId === node.id) ? 'mirror' : 'unasked'
  return !origin || origin.nodeId === node.id ? 'origin' : 'unasked'
}

const placed = (node: MirrorNode) => ({
  node: { id: node.id, name: node.name },
  standing: standingOf(node),
})

const standingOf = (node: MirrorNode | undefined) => node?.barred ?? node?.standing ?? 'revoked'
