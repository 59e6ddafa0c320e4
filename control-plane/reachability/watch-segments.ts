import { askSegment } from './ask-segment.ts'
import type { SegmentRepository } from './segment-repository.ts'
import type { Watched } from './standing-repository.ts'

/** A segment each time a node is probed would be a part of its line that viewers lack. */
const AGAIN = { fetchedMs: 60_000, missedMs: 10_000 }
/** Of a large fleet few nodes have something live: who has is asked once for all of them. */
const LISTED_MS = 5000

/** Now and then fetches one real segment of a node that a probe has just found. */
export function watchSegments({ segments, now }: { segments: SegmentRepository; now: () => Date }) {
  const dueAt = new Map<string, number>()
  let listed = { at: Number.NEGATIVE_INFINITY, nodes: Promise.resolve(new Set<string>()) }

  async function hasLive(nodeId: string): Promise<boolean> {
    const at = now()
    if (at.getTime() - listed.at >= LISTED_MS) {
      listed = { at: at.getTime(), nodes: segments.listNodesWithLive(at) }
      listed.nodes.catch(() => {
        listed.at = Number.NEGATIVE_INFINITY
      })
    }
    return (await listed.nodes).has(nodeId)
  }

  /** What came of it; nothing when nothing is live. */
  async function fetchOne({ nodeId, address, ports }: Watched) {
    const live = await segments.findLive(nodeId, now())
    if (!live) return undefined
    const result = await askSegment({ ...live, address, port: ports.cdn })
    await segments.recordFact({ nodeId, address, stream: live.stream, result, at: now() })
    return result
  }

  return {
    async look(node: Watched) {
      const key = `${node.nodeId} ${node.address}`
      if ((dueAt.get(key) ?? 0) > now().getTime()) return
      const result = (await hasLive(node.nodeId)) ? await fetchOne(node) : undefined
      if (result) dueAt.set(key, now().getTime() + AGAIN[`${result.is}Ms`])
      else dueAt.delete(key)
    },
  }
}
