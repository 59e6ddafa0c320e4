import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { countBeacons } from './beacon-count.ts'
import type { BeaconRepository } from './beacon-repository.ts'

export type BeaconKeeper = ReturnType<typeof keepBeacons>

type Dependencies = { experiences: Pick<BeaconRepository, 'add'>; report: (error: unknown) => void }

const WRITE_EVERY_MS = 1000

/** Writes down what was counted, once a second at most. What cannot be written is gone: it is worth no memory. */
export function keepBeacons({ experiences, report }: Dependencies) {
  const stopping = new AbortController()
  const counts = countBeacons()

  async function write() {
    const taken = counts.take()
    if (taken.length > 0) await experiences.add(taken)
  }

  const ended = repeat(WRITE_EVERY_MS, write, stopping.signal, report)

  return {
    count: counts.count,
    async stop() {
      stopping.abort()
      await ended
      await write().catch(report)
    },
  }
}
