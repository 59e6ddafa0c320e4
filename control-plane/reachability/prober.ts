import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat, sleep } from '@sixcast/shared/runtime/repeat.ts'
import { familyOf } from '../addresses/addresses.ts'
import { askLine as askLineOf } from './ask-line.ts'
import { askNode, type ProbeResult } from './ask-probe.ts'
import { guardFalls } from './guard-falls.ts'
import type { IncidentRepository } from './incident-repository.ts'
import { leaseState } from './lease-state.ts'
import type { LineRepository } from './line-repository.ts'
import { type ProbeRules, probeTarget } from './probe-target.ts'
import type { ReachabilityRepository } from './reachability-repository.ts'
import type { SegmentRepository } from './segment-repository.ts'
import { arriving, type Look, nextStanding, wouldFall } from './standing.ts'
import type { StandingRepository, Watched } from './standing-repository.ts'
import { watchClosely } from './watch-closely.ts'
import { watchLines } from './watch-lines.ts'
import { watchSegments } from './watch-segments.ts'

/** How soon a node is looked at again. One that is not found is somebody standing before it with a screwdriver. */
const AGAIN = { foundMs: 10_000, missedMs: 2000 }
/** Whoever became due at once drifts apart. */
const SPREAD = 0.1
const TICK_MS = 1000
/** A dead node takes three seconds: of ten thousand that die at once, all are known to be missed within a quarter of a minute. */
const MOST_AT_ONCE = 2000
/** In this share of a round all are asked that are due in it, evenly: between two of them there is time for whoever beats. */
const ASKED_WITHIN = 0.8

type Dependencies = {
  reachability: ReachabilityRepository
  standings: StandingRepository
  incidents: IncidentRepository
  segments: SegmentRepository
  lines: LineRepository
  /** Nodes do what costs their line for the fleet alone. */
  fleetKey: KeyPair
  rules: ProbeRules
  /** Whether this process is the one that probes. */
  isOurTurn?: () => boolean
  /** How a node is asked. */
  ask?: typeof askNode
  /** How its line is measured. */
  askLine?: typeof askLineOf
  log: Pick<Log, 'info' | 'warn'>
  report: (error: unknown) => void
  now?: () => Date
}

/** Keeps asking from outside whether viewers could reach each living node. What follows from the answers, standing.ts decides. */
export function startProber({
  reachability,
  standings,
  incidents,
  segments,
  lines,
  fleetKey,
  rules,
  isOurTurn = () => true,
  ask = askNode,
  askLine = askLineOf,
  log,
  report,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  const guard = guardFalls({ standings, incidents, log })
  const segmentWatch = watchSegments({ segments, now })
  const lineWatch = watchLines({ lines, fleetKey, ask: askLine, now })
  const underWay = new Map<string, Promise<void>>()
  const close = watchClosely({ standings, lookOnce, signal: stopping.signal, now })
  /** Since the round began: what was listed of them is older than what is known by now. */
  const looked = new Set<string>()
  let roundAt = performance.now()

  async function lookAtDue() {
    roundAt = performance.now()
    looked.clear()
    const most = MOST_AT_ONCE - underWay.size
    if (!isOurTurn()) return
    const due = most > 0 ? await standings.listDue(now(), { most, besides: [...underWay.keys()] }) : []
    for await (const node of spreadOut(due, roundAt, stopping.signal))
      if (!looked.has(node.nodeId)) void lookOnce(node)
    await guard.review(now())
  }

  /** A node is asked once at a time, however many reasons there are. */
  function lookOnce(node: Watched): Promise<void> {
    const asked = underWay.get(node.nodeId)
    if (asked) return asked
    const asking = look(node)
      .catch(report)
      .finally(() => {
        underWay.delete(node.nodeId)
        looked.add(node.nodeId)
      })
    underWay.set(node.nodeId, asking)
    return asking
  }

  async function look(node: Watched) {
    const lease = leaseState(node.lease, now())
    const result = lease === 'left' ? undefined : await probe(node)
    const at = now()
    const { cause, failure } = result?.is === 'missed' ? result : {}
    if (result) await record(node, result, at)
    const seen = { probe: result?.is ?? 'unasked', cause, lease, witnessed: close.isWitnessed(node, at) }
    const standing = await standingAfter(node, seen, at)
    await standings.keep({ ...node, standing, failure, dueAt: dueAt(result, at) })
    close.looked(node, standing, at)
    if (result?.is !== 'found') return
    await segmentWatch.look(node)
    await lineWatch.look(node)
  }

  async function probe({ ports, address, source, ...node }: Watched): Promise<ProbeResult> {
    const target = probeTarget({ claimed: address, source, port: ports.cdn, rules })
    if (!target.allowed) return { is: 'missed', failure: 'not-allowed', cause: target.cause }
    const playback = rules.ports.includes(ports.playback) ? ports.playback : ports.cdn
    const result = await ask({ cdn: ports.cdn, playback }, { ...node, address })
    if (result.is === 'unasked') await guard.couldNotAsk(familyOf(address), result.cause, now())
    else await guard.couldAsk(familyOf(address), now())
    return result
  }

  /** What this probe found, as it is told to people and to whoever sends viewers. Of the living alone: it says nothing new of others. */
  async function record({ nodeId, address, proven, lease }: Watched, result: ProbeResult, at: Date) {
    if (result.is === 'unasked' || at >= lease.endsAt) return
    const reachable = result.is === 'found'
    const cause = result.is === 'missed' ? result.cause : undefined
    await reachability.recordFact({ nodeId, family: familyOf(address), address, reachable, cause, at })
    if (reachable && !proven) await reachability.recordProven({ nodeId, address })
  }

  async function standingAfter({ address, standing = arriving(now()) }: Watched, seen: Look, at: Date) {
    const mayFall = !wouldFall(standing, seen, at) || (await guard.mayFall(familyOf(address), at))
    return nextStanding(standing, seen, at, mayFall)
  }

  const restOfRound = () => Math.max(0, roundAt + TICK_MS - performance.now())
  const ended = repeat(restOfRound, lookAtDue, stopping.signal, report)

  return {
    /** Asks this node now: it has just come, moved, or seems to be gone. */
    async probeNow(nodeId: string) {
      if (!isOurTurn()) return void (await standings.makeDue(nodeId, now()))
      const node = await standings.find(nodeId, now())
      if (node) await lookOnce(node)
    },
    /** Viewers have lost this node: it is looked at until it is found or has fallen. */
    watchClosely: close.begin,
    async stop() {
      stopping.abort()
      await ended
      await Promise.all(underWay.values())
    },
  }
}

/** Each when its part of the round has come; those that are due in the same moment need no timer each. */
async function* spreadOut<Item>(items: Item[], roundAt: number, signal: AbortSignal) {
  for (const [at, item] of items.entries()) {
    const ms = roundAt + (ASKED_WITHIN * TICK_MS * at) / items.length - performance.now()
    if (ms >= 1) await sleep(ms, signal)
    if (signal.aborted) return
    yield item
  }
}

const dueAt = (result: ProbeResult | undefined, at: Date) =>
  new Date(at.getTime() + (result?.is === 'missed' ? AGAIN.missedMs : spread(AGAIN.foundMs)))

const spread = (ms: number) => ms * (1 - SPREAD + 2 * SPREAD * Math.random())
