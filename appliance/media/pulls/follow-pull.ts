import { type Backoff, backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'

type Steps<Found> = {
  /** What there is to be pulled, or in words for people why there is nothing. */
  look: () => Promise<{ found: Found } | { why: string }>
  /** Resolves when nothing more comes of it: whether the source is over for good, or else why. */
  play: (found: Found) => Promise<{ isOver: boolean; why: string }>
  /** Told whenever there is nothing to be had for a while. */
  away: (why: string) => void
  signal: AbortSignal
  backoff?: Backoff
}

const BACKOFF: Backoff = { firstMs: 1000, longestMs: 30_000 }
/** After playing for so long a source is looked for at once. */
const STEADY_MS = 30_000

/** Stays with a source until it is over or `signal` aborts. Resolves with whether it is over. */
export async function followPull<Found>(steps: Steps<Found>): Promise<boolean> {
  const { look, play, away, signal, backoff = BACKOFF } = steps
  for (let failures = 0; !signal.aborted; ) {
    const looked = await look()
    const since = performance.now()
    const end = 'why' in looked || signal.aborted ? undefined : await play(looked.found)
    if (signal.aborted) return false
    if (end?.isOver) return true
    away(end?.why ?? ('why' in looked ? looked.why : ''))
    const steady = end !== undefined && performance.now() - since >= STEADY_MS
    failures = steady ? 0 : failures + 1
    if (!steady) await sleep(backoffMs(failures, backoff), signal)
  }
  return false
}
