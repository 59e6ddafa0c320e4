import { headroomRank } from '../limits/line-budget.ts'
import type { MirrorChoice } from './mirror-choice.ts'
import { lotOf, quickHash } from './mirror-lot.ts'
import { type Obstacle, obstacleOf } from './mirror-obstacle.ts'
import { type Line, type Place, type Reach, reachOrigin } from './reach-origin.ts'

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
  const fleet: Fleet = new Map(nodes.map((node) => [node.id, { node, hash: quickHash(node.id) }]))
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

type Fleet = Map<string, { node: MirrorNode; hash: number }>
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
    const node = fleet.get(order.nodeId)?.node
    if (!node || !isWanted(stream.choice, node.id)) return []
    const reach = reachOrigin(origin.places, node.lines)
    if (obstacleOf({ node, origin, reach, kept: true, copying: 0 })) return []
    const from = reach?.from ?? order.from
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
  return 'nodes' in choice ? byName(choice.nodes, wanted, failing, around) : byNumber(wanted, failing, around)
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
    const node = fleet.get(nodeId)?.node
    const reach = node && reachOrigin(origin.places, node.lines)
    const obstacle = node
      ? obstacleOf({ node, origin, reach, kept: false, copying: copying.get(nodeId) ?? 0 })
      : 'revoked'
    if (obstacle || !reach) lacks.push({ nodeId, obstacles: obstacle ? [obstacle] : [] })
    else orders.push(orderFor(nodeId, reach, stream, now))
  }
  return { orders, lacks }
}

function byNumber(
  { stream, origin, orders, had }: Wanted,
  failing: PlannedOrder[],
  { fleet, copying, now }: Around,
) {
  const { free, obstacles } = freeNodes({ origin, had }, fleet, copying)
  const sites = new Set([origin.nodeId, ...had].flatMap((id) => fleet.get(id)?.node.sites() ?? []))
  const streamHash = quickHash(stream.name)
  while (orders.length < mostOf(stream.choice)) {
    const found = best(free, streamHash, sites)
    if (!found) break
    free.splice(free.indexOf(found), 1)
    for (const site of found.node.sites()) sites.add(site)
    orders.push(orderFor(found.node.id, found.reach, stream, now))
  }
  // Nobody else is there: whoever was told before may yet begin.
  orders.push(...failing.slice(0, Math.max(0, mostOf(stream.choice) - orders.length)))
  return { orders, lacks: orders.length < mostOf(stream.choice) ? [{ obstacles: [...obstacles] }] : [] }
}

type Free = { node: MirrorNode; hash: number; reach: Reach }

function freeNodes(
  { origin, had }: Pick<Wanted, 'origin' | 'had'>,
  fleet: Fleet,
  copying: Map<string, number>,
) {
  const free: Free[] = []
  const obstacles = new Set<Obstacle>()
  const reachOf = remembered((lines: Line[]) => reachOrigin(origin.places, lines))
  for (const { node, hash } of fleet.values()) {
    if (had.has(node.id)) continue
    const reach = reachOf(node.lines)
    const obstacle = obstacleOf({ node, origin, reach, kept: false, copying: copying.get(node.id) ?? 0 })
    if (!obstacle && reach) free.push({ node, hash, reach })
    else if (obstacle && obstacle !== 'origin') obstacles.add(obstacle)
  }
  return { free, obstacles }
}

/** A fleet has many nodes, which stand on few kinds of lines. */
function remembered<Value>(find: (lines: Line[]) => Value): (lines: Line[]) => Value {
  const found = new Map<string, Value>()
  return (lines) => {
    const key = lines.join()
    const known = found.get(key)
    if (known !== undefined || found.has(key)) return known as Value
    const value = find(lines)
    found.set(key, value)
    return value
  }
}

const orderFor = (nodeId: string, { from }: Reach, { name, session }: MirroredStream, now: Date) => ({
  stream: name,
  session,
  nodeId,
  from,
  since: now,
})

/** Who surely gets to the origin, then who stands at a site of its own (a line fails as one), then headroom, then the lot. */
function best(free: Free[], streamHash: number, sites: Set<string>): Free | undefined {
  let found: Free | undefined
  let [rank, lot] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const each of free) {
    const isShared = each.node.sites().some((site) => sites.has(site))
    const ownRank = Number(!each.reach.sure) * 100 + Number(isShared) * 10 + headroomRank(each.node.usedShare)
    if (ownRank > rank) continue
    const ownLot = lotOf(streamHash, each.hash)
    if (ownRank === rank && (ownLot > lot || (ownLot === lot && each.node.id > (found?.node.id ?? ''))))
      continue
    ;[found, rank, lot] = [each, ownRank, ownLot]
  }
  return found
}

function countByNode(orders: PlannedOrder[]): Map<string, number> {
  const count = new Map<string, number>()
  for (const { nodeId } of orders) count.set(nodeId, (count.get(nodeId) ?? 0) + 1)
  return count
}

const added = (orders: PlannedOrder[], before: PlannedOrder[]) =>
  orders.filter(({ nodeId }) => !before.some((order) => order.nodeId === nodeId))
