import type { MirrorChoice } from './mirror-choice.ts'
import { lotOf } from './mirror-lot.ts'
import { type Obstacle, obstacleOf } from './mirror-obstacle.ts'
import { type Line, type Place, reachOrigin } from './reach-origin.ts'

/** A node that could copy. */
export type MirrorNode = {
  id: string
  name: string
  /** Of the address that it claims, and of the one its heartbeats come from. */
  lines: Line[]
  /** Where it stands; asked only of who may be chosen. */
  sites: () => string[]
  /** As its probes say. silent: its lease is over. */
  standing: 'pending' | 'healthy' | 'suspect' | 'unreachable' | 'offline' | 'flapping' | 'silent'
  barred?: 'revoked' | 'quarantined' | 'draining'
  /** How much of its budget it sends; unknown unless it tells. */
  usedShare?: number
}

/** A stream that is live, waits for its encoder, or was lately heard of. */
export type MirroredStream = {
  name: string
  session: string
  /** Who makes it, and where that node is found, the best place first. Absent while it is silent. */
  origin?: { nodeId: string; places: Place[] }
  choice: MirrorChoice
  /** Until when the last word of each node that copies this session is believed. */
  heldUntil: Map<string, Date>
}

export type PlannedOrder = { stream: string; session: string; nodeId: string; from: string; since: Date }

/** What was wanted of a stream and cannot be ordered. */
export type Lack = {
  /** The one that was named, if one was. */
  nodeId?: string
  /** What stands in its way, or in the way of all who could. */
  obstacles: (Obstacle | 'silent-origin' | 'unfound-origin')[]
}

export type MirrorPlan = { orders: PlannedOrder[]; lacks: Map<string, Lack[]> }

type Planned = { streams: MirroredStream[]; nodes: MirrorNode[]; orders: PlannedOrder[]; now: Date }

/** So long a node may take to begin to copy, or to come back to it, until another is told to. */
export const PATIENCE_MS = 30_000

/**
 * Who copies what, from where. Whoever copies a stream goes on for as long as viewers can be sent there: nobody is moved for a
 * better place. Only who is missing is chosen anew, so the same facts give the same orders whoever plans.
 */
export function planMirrors({ streams, nodes, orders, now }: Planned): MirrorPlan {
  const fleet = new Map(nodes.map((node) => [node.id, node]))
  const ordersOf = Map.groupBy(orders, ({ stream }) => stream)
  const sorted = [...streams].sort((a, b) => (a.name < b.name ? -1 : 1))
  const kept = sorted.map((stream) => keptOf(stream, ordersOf.get(stream.name) ?? [], fleet, now))
  const copying = countByNode(kept.flatMap(({ orders }) => orders))
  const plan: MirrorPlan = { orders: [], lacks: new Map() }
  for (const keeping of kept) {
    const { orders, lacks } = completed(keeping, { fleet, copying, now })
    for (const order of added(orders, keeping.orders))
      copying.set(order.nodeId, (copying.get(order.nodeId) ?? 0) + 1)
    plan.orders.push(...orders)
    if (lacks.length > 0) plan.lacks.set(keeping.stream.name, lacks)
  }
  return plan
}

type Fleet = Map<string, MirrorNode>
type Kept = {
  stream: MirroredStream
  orders: PlannedOrder[]
  /** Told long ago, and silent of it: they make room for anybody else. */
  failing: PlannedOrder[]
}

/** The orders of a stream that stand. */
function keptOf(stream: MirroredStream, orders: PlannedOrder[], fleet: Fleet, now: Date): Kept {
  const { origin, session } = stream
  if (!origin) return { stream, orders: orders.filter((order) => order.session === session), failing: [] }
  const standing = orders.flatMap((order) => {
    const node = fleet.get(order.nodeId)
    if (!node || !isWanted(stream.choice, node.id)) return []
    if (obstacleOf({ node, origin, kept: true, copying: 0 })) return []
    const from = reachOrigin(origin.places, node.lines)?.from ?? order.from
    return [order.session === session ? { ...order, from } : { ...order, session, from, since: now }]
  })
  const failing = standing.filter((order) => isFailing(order, stream, now))
  const lasting = standing
    .filter((order) => !failing.includes(order))
    .sort((a, b) => Number(isHeld(b, stream, now)) - Number(isHeld(a, stream, now)) || longestFirst(a, b))
  return { stream, orders: lasting.slice(0, mostOf(stream.choice)), failing }
}

/** An order by number may stand with anybody, one by name with who is named. */
const isWanted = (choice: MirrorChoice, nodeId: string) =>
  !('nodes' in choice) || choice.nodes.includes(nodeId)

const mostOf = (choice: MirrorChoice) => ('nodes' in choice ? choice.nodes.length : choice.copies - 1)

function isFailing({ nodeId, since }: PlannedOrder, { heldUntil }: MirroredStream, now: Date): boolean {
  const from = Math.max(since.getTime(), heldUntil.get(nodeId)?.getTime() ?? 0)
  return now.getTime() - from >= PATIENCE_MS
}

const isHeld = ({ nodeId }: PlannedOrder, { heldUntil }: MirroredStream, now: Date) =>
  (heldUntil.get(nodeId) ?? now) > now

const longestFirst = (a: PlannedOrder, b: PlannedOrder) =>
  a.since.getTime() - b.since.getTime() || (a.nodeId < b.nodeId ? -1 : 1)

type Around = { fleet: Fleet; copying: Map<string, number>; now: Date }

function completed({ stream, orders, failing }: Kept, around: Around) {
  const { origin, choice } = stream
  const missing = mostOf(choice) - orders.length
  if (missing <= 0) return { orders, lacks: [] }
  if (!origin) return { orders, lacks: [{ obstacles: ['silent-origin' as const] }] }
  if (origin.places.length === 0) return { orders, lacks: [{ obstacles: ['unfound-origin' as const] }] }
  const had = new Set([...orders, ...failing].map(({ nodeId }) => nodeId))
  const wanted = { stream, origin, orders: [...orders], had }
  return 'nodes' in choice
    ? byName(choice.nodes, wanted, failing, around)
    : byNumber(missing, wanted, failing, around)
}

type Wanted = {
  stream: MirroredStream
  origin: NonNullable<MirroredStream['origin']>
  orders: PlannedOrder[]
  had: Set<string>
}

/** Who was named is told again and again: nobody else is to take its place. */
function byName(
  ids: string[],
  { stream, origin, orders, had }: Wanted,
  failing: PlannedOrder[],
  { fleet, copying, now }: Around,
) {
  const lacks: Lack[] = []
  orders.push(...failing)
  for (const nodeId of ids.filter((id) => !had.has(id))) {
    const node = fleet.get(nodeId)
    const obstacle = node
      ? obstacleOf({ node, origin, kept: false, copying: copying.get(nodeId) ?? 0 })
      : ('revoked' as const)
    if (obstacle || !node) lacks.push({ nodeId, obstacles: obstacle ? [obstacle] : [] })
    else orders.push(orderFor(node, stream, origin.places, now))
  }
  return { orders, lacks }
}

function byNumber(
  missing: number,
  { stream, origin, orders, had }: Wanted,
  failing: PlannedOrder[],
  { fleet, copying, now }: Around,
) {
  const free: MirrorNode[] = []
  const obstacles = new Set<Obstacle>()
  for (const node of fleet.values()) {
    if (had.has(node.id)) continue
    const obstacle = obstacleOf({ node, origin, kept: false, copying: copying.get(node.id) ?? 0 })
    if (!obstacle) free.push(node)
    else if (obstacle !== 'origin') obstacles.add(obstacle)
  }
  const sites = new Set([origin.nodeId, ...had].flatMap((id) => fleet.get(id)?.sites() ?? []))
  while (orders.length < mostOf(stream.choice)) {
    const node = best(free, stream, origin.places, sites)
    if (!node) break
    free.splice(free.indexOf(node), 1)
    for (const site of node.sites()) sites.add(site)
    orders.push(orderFor(node, stream, origin.places, now))
  }
  // Nobody else is there: whoever was told before may yet begin.
  orders.push(...failing.slice(0, Math.max(0, mostOf(stream.choice) - orders.length)))
  const lacking = mostOf(stream.choice) - orders.length
  return { orders, lacks: lacking > 0 && missing > 0 ? [{ obstacles: [...obstacles] }] : [] }
}

const orderFor = (node: MirrorNode, { name, session }: MirroredStream, places: Place[], now: Date) => ({
  stream: name,
  session,
  nodeId: node.id,
  from: reachOrigin(places, node.lines)?.from ?? '',
  since: now,
})

/** Who surely gets to the origin, then who stands at a site of its own (a line fails as one), then headroom, then the lot. */
function best(free: MirrorNode[], stream: MirroredStream, places: Place[], sites: Set<string>) {
  let found: { node: MirrorNode; ranks: number[] } | undefined
  for (const node of free) {
    const ranks = [
      reachOrigin(places, node.lines)?.sure ? 0 : 1,
      node.sites().some((site) => sites.has(site)) ? 1 : 0,
      headroomRank(node.usedShare),
      lotOf(stream.name, node.id),
    ]
    if (!found || isBefore(ranks, found.ranks)) found = { node, ranks }
  }
  return found?.node
}

function isBefore(ranks: number[], others: number[]): boolean {
  const at = ranks.findIndex((rank, index) => rank !== others[index])
  return at >= 0 && (ranks[at] ?? 0) < (others[at] ?? 0)
}

/** In three steps only: who has hardly more than another is no better a choice. */
function headroomRank(share: number | undefined): number {
  if (share === undefined) return 1
  if (share < 0.5) return 0
  return share < 0.85 ? 1 : 2
}

function countByNode(orders: PlannedOrder[]): Map<string, number> {
  const count = new Map<string, number>()
  for (const { nodeId } of orders) count.set(nodeId, (count.get(nodeId) ?? 0) + 1)
  return count
}

const added = (orders: PlannedOrder[], before: PlannedOrder[]) =>
  orders.filter(({ nodeId }) => !before.some((order) => order.nodeId === nodeId))
