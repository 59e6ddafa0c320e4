import type { NodeLoad } from '@sixcast/shared/contract/heartbeat.ts'
import { REPORT_EVERY_MS } from '@sixcast/shared/contract/stream-report.ts'

export type LatestLoad = ReturnType<typeof latestLoad>

/** Media that has died sends nothing, but that is for others to say. */
const KEPT_MS = 3 * REPORT_EVERY_MS

/** What this node sends to its viewers, as media said last; unknown when it has said nothing for a while. */
export function latestLoad(now: () => number = () => performance.now()) {
  let latest: { load: NodeLoad | undefined; at: number } | undefined

  return {
    take(load: NodeLoad | undefined) {
      latest = { load, at: now() }
    },
    now: () => (latest && now() - latest.at <= KEPT_MS ? latest.load : undefined),
  }
}
