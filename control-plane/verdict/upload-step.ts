import type { VerdictStep } from '@sixcast/shared/contract/verdict.ts'
import { viewersOver } from '../limits/line-budget.ts'
import { megabits } from '../look/megabits.ts'
import type { NodeView } from '../nodes/node-view.ts'

/** It is measured right after the first probe has found the node, unless others are before it. */
const PATIENCE_MS = 30_000

/** How many viewers the node's line can serve: what came when it was asked from outside to send all it can. */
export function uploadStep({ line, reachable }: NodeView, probes: VerdictStep[], now: Date): VerdictStep {
  const step = 'upload'
  if (!probes.some(({ is }) => is === 'passed'))
    return { step, is: 'skipped', cause: 'The probe comes first.' }
  if (line?.bitsPerSecond === undefined) {
    const since = Math.min(...reachable.filter(({ is }) => is).map((probe) => probe.since.getTime()))
    const isWaiting = !line && now.getTime() - since < PATIENCE_MS
    return isWaiting
      ? { step, is: 'waiting', cause: 'Its line is being measured from outside.' }
      : { step, is: 'skipped', cause: line?.cause ?? 'Its line has not been measured yet.' }
  }
  const dated = { step, family: line.family, since: line.triedAt.toISOString() }
  const viewers = viewersOver(line.bitsPerSecond)
  const speed = `${megabits(line.bitsPerSecond)} Mbit/s`
  if (viewers > 0) return { ...dated, is: 'passed', found: `${speed}: about ${countOf(viewers)} at 720p.` }
  return {
    ...dated,
    is: 'failed',
    cause: `${speed}: too little for one viewer at 720p.`,
    remedy:
      'See whether something else fills the line, or have its provider give it more upload. Viewers go through the relay meanwhile.',
  }
}

const countOf = (viewers: number) =>
  viewers === 1 ? '1 viewer' : `${viewers.toLocaleString('en-GB')} viewers`
