import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import { familyOf } from '../addresses/addresses.ts'
import { askLine as askLineOf } from './ask-line.ts'
import { askNode, type ProbeResult } from './ask-probe.ts'
import type { FallGuard } from './guard-falls.ts'
import { leaseState } from './lease-state.ts'
import type { LineRepository } from './line-repository.ts'
import { type ProbeRules, probeTarget } from './probe-target.ts'
import type { ReachabilityRepository } from './reachability-repository.ts'
import type { SegmentRepository } from './segment-repository.ts'
import { arriving, type Look, nextStanding, wouldFall } from './standing.ts'
import type { StandingRepository, Watched } from './standing-repository.ts'
import type { CloseWatch } from './watch-closely.ts'
import { watchLines } from './watch-lines.ts'
import { watchSegments } from './watch-segments.ts'

/** How soon a node is looked at again. One that is not found is somebody standing before it with a screwdriver. */
const AGAIN = { foundMs: 10_000, missedMs: 2000, giftMs: 30_000 }
/** Whoever became due at once drifts apart. */
const SPREAD = 0.1

export type LookDependencies = {
  reachability: ReachabilityRepository
  standings: StandingRepository
  segments: SegmentRepository
  lines: LineRepository
  /** Nodes do what costs their line for the fleet alone. */
  fleetKey: KeyPair
  rules: ProbeRules
  guard: FallGuard
  close: Pick<CloseWatch, 'isWitnessed' | 'looked'>
  /** False once the node asks to be found elsewhere, and is looked at there. */
  isStill: (node: Watched) => boolean
  /** How a node is asked. */
  ask?: typeof askNode
  /** How its line is measured. */
  askLine?: typeof askLineOf
  now: () => Date
}

/** Asks a node from outside, and keeps what was found and what follows. */
export function lookAtNode({
  reachability,
  standings,
  segments,
  lines,
  fleetKey,
  rules,
  guard,
  close,
  isStill,
  ask = askNode,
  askLine = askLineOf,
  now,
}: LookDependencies) {
  const segmentWatch = watchSegments({ segments, now })
  const lineWatch = watchLines({ lines, fleetKey, ask: askLine, now })

  async function look(node: Watched) {
    const lease = leaseState(node.lease, now())
    const result = lease === 'left' ? undefined : await probe(node)
    if (!isStill(node)) return
    const at = now()
    const { cause, failure } = result?.is === 'missed' ? result : {}
    if (result) await record(node, result, at)
    const seen = { probe: result?.is ?? 'unasked', cause, lease, witnessed: close.isWitnessed(node, at) }
    const standing = await standingAfter(node, seen, at)
    await standings.keep({ ...node, standing, failure, dueAt: dueAt(node, result, at) })
    close.looked(node, standing, at)
    if (result?.is !== 'found') return
    await segmentWatch.look(node)
    if (node.which === 'first') await lineWatch.look(node) // the line is the same
  }

  async function probe({ ports, address, source, ...node }: Watched): Promise<ProbeResult> {
    const target = probeTarget({ claimed: address, source, port: ports.cdn, rules })
    if (!target.allowed) return { is: 'missed', failure: 'not-allowed', cause: target.cause }
    const playback = rules.ports.includes(ports.playback) ? ports.playback : ports.cdn
    const result = await ask({ cdn: ports.cdn, playback }, { ...node, address })
    if (result.is === 'unasked') await guard.couldNotAsk(familyOf(address), result.cause, now())
    if (result.is === 'found') await guard.couldAsk(familyOf(address), now())
    return result
  }

  /** What this probe found, as it is told to people and to whoever sends viewers. Of the living alone: it says nothing new of others. */
  async function record({ nodeId, which, address, proven, lease }: Watched, result: ProbeResult, at: Date) {
    if (result.is === 'unasked' || at >= lease.endsAt) return
    const reachable = result.is === 'found'
    const cause = result.is === 'missed' ? result.cause : undefined
    await reachability.recordFact({ nodeId, family: familyOf(address), address, reachable, cause, at })
    if (!reachable || proven) return
    if (which === 'first') await reachability.recordProven({ nodeId, address })
    else await reachability.recordOtherProven({ nodeId, address })
  }

  async function standingAfter({ address, standing = arriving(now()) }: Watched, seen: Look, at: Date) {
    const mayFall = !wouldFall(standing, seen, at) || (await guard.mayFall(familyOf(address), at))
    return nextStanding(standing, seen, at, mayFall)
  }

  return look
}

function dueAt({ which, proven }: Watched, result: ProbeResult | undefined, at: Date) {
  if (result?.is !== 'missed') return new Date(at.getTime() + spread(AGAIN.foundMs))
  // Where it was never found, and is found elsewhere, nobody waits for it.
  return new Date(at.getTime() + (which === 'other' && !proven ? spread(AGAIN.giftMs) : AGAIN.missedMs))
}

const spread = (ms: number) => ms * (1 - SPREAD + 2 * SPREAD * Math.random())
