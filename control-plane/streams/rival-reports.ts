import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { StreamViews } from './stream-view-repository.ts'

/**
 * Says when a stream is published to two nodes at once: viewers see only one of them, and both publishers believe it is theirs.
 * Who is live for longest is believed, so a node can lose only as it begins: that is when the catalog is asked.
 */
export function rivalReports({ streamViews, log }: { streamViews: Pick<StreamViews, 'find'>; log: Log }) {
  const last = new Map<string, string>()

  /** For after a report was recorded. */
  return async function look(nodeId: string, { name, state, record, role }: StreamReport): Promise<void> {
    if (role === 'mirror') return // it takes nothing from the origin
    const now = `${record.session} ${state}`
    if (last.get(`${name} ${nodeId}`) === now) return
    last.set(`${name} ${nodeId}`, now)
    if (state !== 'live') return
    const believed = await streamViews.find(name)
    if (believed?.state !== 'live' || !believed.node || believed.node.id === nodeId) return
    log.warn('a stream is live on two nodes: the report of the later one is not believed', {
      stream: name,
      node: nodeId,
      believed: believed.node.id,
    })
  }
}
