import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { familyOf } from '../addresses/addresses.ts'
import { askNode } from './ask-probe.ts'
import { type ProbeRules, probeTarget } from './probe-target.ts'
import type { ReachabilityRepository } from './reachability-repository.ts'

/** How soon a node is probed again. One that is not found is somebody standing before it with a screwdriver. */
const AGAIN = { reachableMs: 10_000, unreachableMs: 2000 }
const TICK_MS = 1000
const MOST_AT_ONCE = 50

type Dependencies = {
  reachability: ReachabilityRepository
  rules: ProbeRules
  report: (error: unknown) => void
  now?: () => Date
}

type Claim = NonNullable<Awaited<ReturnType<ReachabilityRepository['findClaim']>>>

/** Keeps asking from outside whether viewers could reach each living node. */
export function startProber({ reachability, rules, report, now = () => new Date() }: Dependencies) {
  const stopping = new AbortController()
  const underWay = new Map<string, Promise<void>>()

  async function probeDue() {
    const most = MOST_AT_ONCE - underWay.size
    if (most <= 0) return
    const due = await reachability.listDue(now(), AGAIN, { most, besides: [...underWay.keys()] })
    for (const claim of due) void probeOnce(claim)
  }

  /** A node is asked once at a time, however many reasons there are. */
  function probeOnce(claim: Claim): Promise<void> {
    const asked = underWay.get(claim.id)
    if (asked) return asked
    const asking = probe(claim)
      .catch(report)
      .finally(() => underWay.delete(claim.id))
    underWay.set(claim.id, asking)
    return asking
  }

  async function probe({ id, public_key, claimed, source, cdn_port, playback_port }: Claim) {
    if (claimed === null || source === null || cdn_port === null || playback_port === null) return
    const target = probeTarget({ claimed, source, port: cdn_port, rules })
    const playback = rules.ports.includes(playback_port) ? playback_port : cdn_port
    const result = target.allowed
      ? await askNode({ cdn: cdn_port, playback }, { nodeId: id, publicKey: public_key, address: claimed })
      : ({ is: 'missed', cause: target.cause } as const)
    if (result.is === 'unasked') return
    const reachable = result.is === 'found'
    const cause = result.is === 'missed' ? { cause: result.cause } : {}
    await reachability.recordFact({
      nodeId: id,
      family: familyOf(claimed),
      address: claimed,
      reachable,
      ...cause,
      at: now(),
    })
    if (reachable) await reachability.recordProven(id, claimed)
  }

  const ended = repeat(TICK_MS, probeDue, stopping.signal, report)

  return {
    /** Asks this node now: it has just come, moved, or seems to be gone. */
    async probeNow(nodeId: string) {
      const claim = await reachability.findClaim(nodeId, now())
      if (claim) await probeOnce(claim)
    },
    async stop() {
      stopping.abort()
      await ended
      await Promise.all(underWay.values())
    },
  }
}
