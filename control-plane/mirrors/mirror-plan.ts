import type { MirrorOrders } from '@sixcast/shared/contract/mirror-order.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { wantsMirrors } from './mirror-choice.ts'
import type { MirrorChoiceRepository } from './mirror-choice-repository.ts'
import type { MirrorFactRepository } from './mirror-fact-repository.ts'
import type { MirrorOrderRepository } from './mirror-order-repository.ts'
import { mirroredStreams } from './mirrored-streams.ts'
import { type PlannedOrder, planMirrors } from './plan-mirrors.ts'

export type MirrorPlanner = ReturnType<typeof mirrorPlanner>

type Dependencies = {
  mirrorChoices: Pick<MirrorChoiceRepository, 'read'>
  mirrorFacts: MirrorFactRepository
  mirrorOrders: MirrorOrderRepository
  /** Makes a node ask at once what there is to copy. */
  wake: (nodeId: string) => void
  now?: () => Date
}

const PLAN_EVERY_MS = 1000
/** While nothing can be planned, so long nodes are told what was; from then on nothing at all, and they go on with what they copy. */
const HELD_MS = 30_000
/** So long after its last word a stream that nobody has ended is still copied. */
const SILENT_MS = 60_000
/** The same while nodes have not had time to speak to us again: who was silent then was not heard. */
const UNHEARD_MS = 10 * 60_000

/**
 * Keeps the orders of mirrors. Each process plans by itself from the same facts, so that any of them can tell a node what it is to
 * copy without asking the database; what one has ordered the others find there.
 */
export function mirrorPlanner({
  mirrorChoices,
  mirrorFacts,
  mirrorOrders,
  wake,
  now = () => new Date(),
}: Dependencies) {
  let known: { at: number; byNode: Map<string, MirrorOrders> } | undefined
  let listeningSince: number | undefined

  async function plan(stored: PlannedOrder[], at: Date): Promise<PlannedOrder[]> {
    const choices = await mirrorChoices.read()
    if (!wantsMirrors(choices)) return []
    const isListening = at.getTime() - (listeningSince ?? at.getTime()) >= HELD_MS
    const since = new Date(at.getTime() - (isListening ? SILENT_MS : UNHEARD_MS))
    const streams = mirroredStreams(await mirrorFacts.listReports(since), choices, at)
    if (streams.length === 0) return []
    return planMirrors({ streams, nodes: await mirrorFacts.listNodes(at), orders: stored, now: at }).orders
  }

  async function round() {
    const at = now()
    const stored = await mirrorOrders.list()
    const orders = await plan(stored, at)
    await mirrorOrders.remove(missingIn(orders, stored, placeOf))
    await mirrorOrders.save(missingIn(stored, orders, contentOf))
    const before = known?.byNode ?? byNode(stored)
    known = { at: at.getTime(), byNode: byNode(orders) }
    listeningSince ??= at.getTime()
    for (const nodeId of changedNodes(before, known.byNode)) wake(nodeId)
  }

  return {
    /** What has changed is ordered, and who is concerned is woken. */
    round: () =>
      round().catch((error: unknown) => {
        listeningSince = undefined
        throw error
      }),

    /** What is told to a node with its heartbeat's answer. */
    newsFor(nodeId: string): { mirrors?: MirrorOrders } {
      if (!known || now().getTime() - known.at >= HELD_MS) return {}
      return { mirrors: known.byNode.get(nodeId) ?? [] }
    },
  }
}

type Running = { planner: Pick<MirrorPlanner, 'round'>; report: (error: unknown) => void; everyMs?: number }

export function startMirrorPlan({ planner, report, everyMs = PLAN_EVERY_MS }: Running) {
  const stopping = new AbortController()
  let failed = false

  /** A database that is away is told of once. */
  const round = () =>
    planner.round().then(
      () => {
        failed = false
      },
      (error: unknown) => {
        if (!failed) report(error)
        failed = true
      },
    )

  const ended = repeat(everyMs, round, stopping.signal, report)
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

const placeOf = ({ stream, nodeId }: PlannedOrder) => `${stream} ${nodeId}`
const contentOf = ({ stream, nodeId, session, from }: PlannedOrder) =>
  `${stream} ${nodeId} ${session} ${from}`

/** Those of `orders` that `others` has not. */
function missingIn(others: PlannedOrder[], orders: PlannedOrder[], keyOf: (order: PlannedOrder) => string) {
  const has = new Set(others.map(keyOf))
  return orders.filter((order) => !has.has(keyOf(order)))
}

const byNode = (orders: PlannedOrder[]): Map<string, MirrorOrders> =>
  new Map(
    [...Map.groupBy(orders, ({ nodeId }) => nodeId)].map(([nodeId, ofNode]) => [
      nodeId,
      ofNode.map(({ stream, session, from }) => ({ stream, session, from })),
    ]),
  )

function changedNodes(before: Map<string, MirrorOrders>, after: Map<string, MirrorOrders>): string[] {
  const told = (orders: MirrorOrders = []) =>
    orders
      .map(({ stream, session, from }) => `${stream} ${session} ${from}`)
      .sort()
      .join()
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (nodeId) => told(before.get(nodeId)) !== told(after.get(nodeId)),
  )
}
