import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { NodeLimits } from '../limits/limit-repository.ts'
import type { ConfigurationRepository } from './configuration-repository.ts'
import { settingsIn } from './configurations.ts'
import { limitsNow } from './limits-now.ts'

export type ConfigurationWatch = ReturnType<typeof watchConfigurations>

type Dependencies = {
  configurationRows: Pick<ConfigurationRepository, 'newestOfAll'>
  /** A node has a new version to fetch. */
  changed: (nodeId: string) => void
  /** By what viewers are to be steered from now on; told again after each start of the process. */
  limitsChanged: (nodeId: string, limits: NodeLimits) => Promise<void> | void
  report: (error: unknown) => void
  everyMs?: number
  now?: () => Date
}

/** Clocks of several processes may differ by so much: what one has saved is not overlooked by another. */
const OVERLAP_MS = 60_000

/**
 * Knows the newest version of every node without asking for each: the whole fleet beats twice a minute. Whoever saves one, another
 * process or the command line, it is seen within a second.
 */
export function watchConfigurations({
  configurationRows,
  changed,
  limitsChanged,
  report,
  everyMs = 1000,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  const known = new Map<string, { version: number; settings: Record<string, unknown> }>()
  const told = new Map<string, string>()
  let since: Date | undefined

  async function look() {
    const [isFirst, at] = [since === undefined, now()]
    const rows = await configurationRows.newestOfAll(since && new Date(since.getTime() - OVERLAP_MS))
    since = at
    for (const row of rows) {
      if (known.get(row.node_id)?.version === row.version) continue
      known.set(row.node_id, { version: row.version, settings: settingsIn(row) })
      if (!isFirst) changed(row.node_id)
    }
    for (const [nodeId, { settings }] of known) await tellLimits(nodeId, limitsNow(settings, at))
  }

  async function tellLimits(nodeId: string, limits: NodeLimits) {
    const text = JSON.stringify(limits)
    if (told.get(nodeId) === text) return
    await limitsChanged(nodeId, limits)
    told.set(nodeId, text)
  }

  const looking = repeat(everyMs, look, stopping.signal, report)

  return {
    /** The newest version of a node, to be told with its heartbeat's answer; absent while it has none. */
    versionOf: (nodeId: string) => known.get(nodeId)?.version,
    /** There is something to see: nobody waits for the next look. */
    lookNow: look,
    async stop() {
      stopping.abort()
      await looking
    },
  }
}
