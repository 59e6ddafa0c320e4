import { NodeId } from '@sixcast/shared/contract/names.ts'
import { NodeMetrics, NodePresence } from '@sixcast/shared/contract/node-metrics.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { SeriesName } from '../history/series.ts'
import type { HeardMetrics, MetricsRepository } from './metrics-repository.ts'

type Dependencies = {
  metrics: Pick<MetricsRepository, 'saveLatest'>
  /** A node has measured something: it is kept for charts. */
  measured: (nodeId: string, metrics: NodeMetrics, wanted?: ReadonlySet<SeriesName>) => void
  /** A connection broke. A hint to look, never the truth. */
  seemsGone: (nodeId: string) => void
  log: Log
  saveEveryMs?: number
  now?: () => Date
}

/** As soon as so many wait they are written, up to the second number in one statement. */
const SAVED = { least: 50, most: 400 }
/** A MariaDB as it is installed takes 16 MB in a statement; one node may say 200 kB. */
const MOST_CHARACTERS = 4e6

/** What nodes say on the broker, whatever broker it is. Parsed here: a node may be of any release, or not itself. */
export function hearFleet({
  metrics,
  measured,
  seemsGone,
  log,
  saveEveryMs = 1000,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  const misunderstood = new Set<string>()
  /** Whose leaving was passed on in this round: each is work, and a node may say it as often as it likes. */
  const hinted = new Set<string>()
  const latest = new Map<string, HeardMetrics>()
  let saving = false

  /** A failed save loses one measurement, and the next comes in seconds. */
  async function save(least: number) {
    if (saving) return
    saving = true
    try {
      while (latest.size >= least) await metrics.saveLatest(takeSome())
    } finally {
      saving = false
    }
  }

  function takeSome(): HeardMetrics[] {
    const some: HeardMetrics[] = []
    let characters = 0
    for (const heard of latest.values()) {
      if (some.length === SAVED.most || characters > MOST_CHARACTERS) break
      some.push(heard)
      characters += heard.text.length
      latest.delete(heard.nodeId)
    }
    return some
  }

  function hear(topic: string, text: string) {
    const [, nodeId = '', kind = ''] = /^fleet\/([^/]+)\/(metrics|presence)$/.exec(topic) ?? []
    if (!NodeId.safeParse(nodeId).success) return
    const message = parsedJson(text)
    if (kind === 'presence') {
      if (NodePresence.safeParse(message).data?.state === 'offline') hint(nodeId)
      return
    }
    const heard = NodeMetrics.safeParse(message)
    if (!heard.success) return tellOnce(nodeId)
    take(nodeId, heard.data)
  }

  function take(nodeId: string, heard: NodeMetrics, wanted?: ReadonlySet<SeriesName>) {
    measured(nodeId, heard, wanted)
    latest.set(nodeId, { nodeId, text: JSON.stringify(heard), at: now() })
    // What waits for long is moved among what stays, and a large fleet's would fill the memory until all of it is looked through.
    if (latest.size >= SAVED.least) void save(SAVED.least).catch(failed)
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

  const failed = (error: unknown) => log.error('metrics could not be stored', error)
  const round = async () => {
    hinted.clear()
    await save(1)
  }
  const ended = repeat(saveEveryMs, round, stopping.signal, failed)

  return {
    hear,
    /** The same of what was had from a node in another way: and of what not all is wanted. */
    take,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
