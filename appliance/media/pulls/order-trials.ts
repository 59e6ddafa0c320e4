import { readFileSync } from 'node:fs'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import type { Backoff } from '@sixcast/shared/runtime/backoff.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import * as z from 'zod'
import { type Suspect, suspectQueue } from './suspect-queue.ts'

type Dependencies = {
  /** Where the orders on trial stand, so that the next process knows with whom this one died. In memory: each look is written. */
  path: string
  noted: (name: string, sentence: string, matter?: string) => void
  log: Log
  trialMs?: number
  backoff?: Backoff
}

type Looked = { found: unknown } | { why: string }
/** Looks at a source when that may be; undefined if it is wanted no more by then. */
export type Trial = <L extends Looked>(look: () => Promise<L>) => Promise<L | undefined>
/** The trial of an order, until `signal` aborts. Who has passed is tried no more. */
export type TrialOf = (name: string, signal: AbortSignal) => Trial

/** So long after it was found a source plays, and whatever it first says has been read. */
const TRIAL_MS = 20_000
/** Anybody may be there when media dies once or twice. */
const PATIENCE = 2
const BACKOFF: Backoff = { firstMs: 10_000, longestMs: 3_600_000 }

/**
 * Keeps a source that media dies of from killing it again and again. An order is on trial from each look at its source until it
 * is found to be away, or has been there for a while. One that was so whenever media died, three times in a row, waits
 * longer each time, and is then tried with half of those who died as often: who is innocent passes soon.
 */
export function orderTrials({
  path,
  noted,
  log,
  trialMs = TRIAL_MS,
  backoff = BACKOFF,
}: Dependencies): TrialOf {
  const deaths = deathsIn(path)
  const onTrial = new Set<Suspect>()
  const queue = suspectQueue({ noted, backoff })

  /** What is to be known if the process dies now. A power cut is nobody's fault: no disk need have it. */
  function save() {
    const counts = new Map(deaths)
    for (const { name } of onTrial) counts.set(name, (deaths.get(name) ?? 0) + 1)
    try {
      writeAtomically(path, `${JSON.stringify(Object.fromEntries(counts))}\n`)
    } catch (error) {
      log.error('who is on trial is not kept', error)
    }
  }

  /** Whether its source may be looked at now. */
  async function begin(order: Suspect, signal: AbortSignal): Promise<boolean> {
    if (order.rounds > 0) await queue.turn(order, signal)
    if (signal.aborted) return false
    onTrial.add(order)
    save()
    return true
  }

  function end(order: Suspect) {
    onTrial.delete(order)
    save()
    queue.leave(order)
  }

  return (name, signal) => {
    const died = deaths.get(name) ?? 0
    const order = { name, died, rounds: Math.max(0, died - PATIENCE) }
    let passed = false

    async function stay() {
      await sleep(trialMs, signal)
      passed = true
      deaths.delete(name)
      end(order)
    }

    return async (look) => {
      if (passed || onTrial.has(order)) return look()
      if (!(await begin(order, signal))) return undefined
      const looked = await look()
      if ('found' in looked) void stay()
      else end(order)
      return looked
    }
  }
}

function deathsIn(path: string): Map<string, number> {
  try {
    const read = z.record(z.string(), z.int().positive()).safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return new Map(Object.entries(read.data ?? {}))
  } catch {
    return new Map() // nobody was on trial
  }
}
