import { type NodeBrief, nodeKind, nodeUrgency } from '../nodes/node-brief.ts'
import type { NodeView } from '../nodes/node-view.ts'

/** For tests: what is read of a node when all are, at the time of the test. */
export function briefOf(view: NodeView, now: Date): NodeBrief {
  const { id, name, alive, claimed, duty, reachable, standings, segments = [], streams } = view
  const stood = standings?.map(({ state }) => state)
  const facts = {
    enrolledAt: view.enrolledAt,
    revokedAt: view.revokedAt ?? null,
    aliveSince: alive?.since ?? null,
    isAlive: alive?.is ?? false,
    isQuarantined: view.quarantinedUntil !== undefined,
    duty: duty?.is ?? null,
    claims: claimed !== undefined,
    standings: stood ?? reachable.map(({ is }) => (is ? 'healthy' : 'unreachable')),
    lacksSegment: segments.some(({ is, stream }) => !is && streams.includes(stream)),
  }
  const missed = standings?.filter(({ state }) => state === 'suspect').map(({ family }) => family)
  return {
    ...{ id, name, streams, kind: nodeKind(facts, now), urgency: nodeUrgency(facts) },
    ...(missed?.length && missed.length === stood?.length && { missedOver: missed }),
    ...(duty && { duty: duty.is }),
    ...(view.release && { release: view.release }),
    addresses: claimed ? [claimed] : [],
    isAlive: alive?.is ?? false,
    ...(view.rtmpPort && { rtmpPort: view.rtmpPort }),
    ...(view.heardAt && { heardAt: view.heardAt }),
    ...(view.load && { load: view.load }),
    ...(view.budget && { budget: view.budget }),
  }
}
