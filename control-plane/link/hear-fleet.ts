import { NodeId } from '@sixcast/shared/contract/names.ts'
import { NodeMetrics, NodePresence } from '@sixcast/shared/contract/node-metrics.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { HeardMetrics, MetricsRepository } from './metrics-repository.ts'

type Dependencies = {
  metrics: Pick<MetricsRepository, 'saveLatest'>
  /** A connection broke. A hint to look, never the truth. */
  seemsGone: (nodeId: string) => void
  log: Log
  saveEveryMs?: number
  now?: () => Date
}

/** The largest that nodes may say is some 200 kB; a statement of a MariaDB as it is installed takes 16 MB. */
const SAVED_AT_ONCE = 50

/** What nodes say on the broker, whatever broker it is. Parsed here: a node may be of any release, or not itself. */
export function hearFleet({
  metrics,
  seemsGone,
  log,
  saveEveryMs = 1000,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  const misunderstood = new Set<string>()
  /** Whose leaving was passed on in this round: each is work, and a node may say it as often as it likes. */
  const hinted = new Set<string>()
  let latest = new Map<string, HeardMetrics>()

  /** A failed save loses one measurement, and the next comes in seconds. */
  async function save() {
    hinted.clear()
    const heard = [...latest.values()]
    latest = new Map()
    for (let from = 0; from < heard.length; from += SAVED_AT_ONCE)
      await metrics.saveLatest(heard.slice(from, from + SAVED_AT_ONCE))
  }

  function hear(topic: string, payload: Buffer) {
    const [, nodeId = '', kind = ''] = /^fleet\/([^/]+)\/(metrics|presence)$/.exec(topic) ?? []
    if (!NodeId.safeParse(nodeId).success) return
    const message = parsedJson(payload)
    if (kind === 'presence') {
      if (NodePresence.safeParse(message).data?.state === 'offline') hint(nodeId)
      return
    }
    const measured = NodeMetrics.safeParse(message)
    if (measured.success) latest.set(nodeId, { nodeId, metrics: measured.data, at: now() })
    else tellOnce(nodeId)
  }

  function hint(nodeId: string) {
    if (hinted.has(nodeId)) return
    hinted.add(nodeId)
    seemsGone(nodeId)
  }

  function tellOnce(nodeId: string) {
    if (misunderstood.has(nodeId)) return
    misunderstood.add(nodeId)
    log.warn('metrics that nobody understands', { node: nodeId })
  }

  const ended = repeat(saveEveryMs, save, stopping.signal, (error) =>
    log.error('metrics could not be stored', error),
  )

  return {
    hear,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

function parsedJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString())
  } catch {
    return undefined
  }
}
