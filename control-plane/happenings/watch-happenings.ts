import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { happenings, type Seen, seenOf } from './happening.ts'
import type { HappeningRepository, Noticed } from './happening-repository.ts'

type Dependencies = {
  nodeBriefs: { list: () => Promise<NodeBrief[]> }
  happeningRows: Pick<HappeningRepository, 'lastSeen' | 'save'>
  /** Of several processes one does it. */
  isOurTurn: () => boolean
  report: (error: unknown) => void
  everyMs?: number
  now?: () => Date
}

/** Of a large fleet a look is work: no more than a twentieth of the time goes into it. */
const WORKING_SHARE = 1 / 20

/** Looks at the fleet every few seconds and writes down what has changed. What comes and goes between two looks is nobody's concern. */
export function watchHappenings({
  nodeBriefs,
  happeningRows,
  isOurTurn,
  report,
  everyMs = 3000,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  let known: Map<string, Seen> | undefined

  async function look() {
    if (!isOurTurn()) {
      known = undefined // another process writes on meanwhile
      return
    }
    known ??= await happeningRows.lastSeen()
    const before = known
    const noticed = (await nodeBriefs.list()).flatMap((node) => noticedOf(node, before.get(node.id)))
    await happeningRows.save(noticed, now())
    for (const { nodeId, seen } of noticed) before.set(nodeId, seen)
  }

  let restMs = everyMs
  async function round() {
    const begun = performance.now()
    await look()
    restMs = Math.max(everyMs, (performance.now() - begun) / WORKING_SHARE)
  }
  const ended = repeat(() => restMs, round, stopping.signal, report)

  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

function noticedOf(node: NodeBrief, before: Seen | undefined): Noticed[] {
  const seen = seenOf(node)
  if (before && JSON.stringify(before) === JSON.stringify(seen)) return []
  return [{ nodeId: node.id, seen, happened: happenings(before, seen) }]
}
