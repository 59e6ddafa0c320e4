import { readFileSync } from 'node:fs'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { type Backoff, backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import * as z from 'zod'

type Dependencies = {
  /** Where the orders on trial stand, so that the next process knows with whom this one died. */
  path: string
  noted: (name: string, sentence: string) => void
  log: Log
  trialMs?: number
  backoff?: Backoff
}

export type OrderTrials = ReturnType<typeof orderTrials>

/** By then a source has been opened, and whatever it first says has been read. */
const TRIAL_MS = 60_000
/** Anybody may be there when media dies once or twice. */
const PATIENCE = 2
const BACKOFF: Backoff = { firstMs: 60_000, longestMs: 3_600_000 }

/**
 * Keeps a source that media dies of from killing it again and again. An order is on trial when its source is begun; one that was
 * so whenever media died, three times in a row, waits longer each time, and then has its trial alone: who is innocent passes it.
 */
export function orderTrials(dependencies: Dependencies) {
  const { path, noted, log, trialMs = TRIAL_MS, backoff = BACKOFF } = dependencies
  const deaths = deathsIn(path)
  const onTrial = new Set<string>()
  let alone: Promise<void> = Promise.resolve()

  /** What is to be known if the process dies now. A power cut is nobody's fault: the disk need not have it. */
  function save() {
    const counts = new Map(deaths)
    for (const name of onTrial) counts.set(name, (deaths.get(name) ?? 0) + 1)
    try {
      writeAtomically(path, `${JSON.stringify(Object.fromEntries(counts))}\n`)
    } catch (error) {
      log.error('who is on trial is not kept', error)
    }
  }

  async function stand(name: string, signal: AbortSignal) {
    if (signal.aborted) return
    onTrial.add(name)
    save()
    await sleep(trialMs, signal)
    onTrial.delete(name)
    deaths.delete(name)
    save()
  }

  return {
    /** Resolves when the source of an order may be opened, or `signal` aborts. */
    async turn(name: string, signal: AbortSignal): Promise<void> {
      const died = deaths.get(name) ?? 0
      if (died > PATIENCE) {
        const waits = backoffMs(died - PATIENCE, backoff)
        noted(name, suspicion(died, waits))
        await sleep(waits, signal)
        const [earlier, over] = [alone, Promise.withResolvers<void>()]
        alone = over.promise
        await earlier
        void stand(name, signal).then(over.resolve)
      } else void stand(name, signal)
    },
  }
}

const suspicion = (died: number, ms: number) =>
  `Media has ended ${died} times in a row soon after this source was opened: it is opened again in ${Math.round(ms / 1000)} s.`

function deathsIn(path: string): Map<string, number> {
  try {
    const read = z.record(z.string(), z.int().positive()).safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return new Map(Object.entries(read.data ?? {}))
  } catch {
    return new Map() // nobody was on trial
  }
}
