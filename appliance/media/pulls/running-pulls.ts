import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { findSources } from './find-source.ts'
import { keepPulling, type Stage } from './keep-pulling.ts'
import type { TrialOf } from './order-trials.ts'
import type { PullSource } from './source-url.ts'
import type { StreamOrder } from './stream-order.ts'

type Dependencies = {
  sources: Pick<ReturnType<typeof findSources>, 'find'>
  stage: Stage
  noted: (name: string, sentence: string) => void
  /** Told when a source is over for good. */
  over: (name: string, source: PullSource) => void
  trialOf: TrialOf
  log: Log
}

type Pull = {
  source: PullSource
  qualities: StreamOrder['qualities']
  heardAt: number
  /** Its source was not there, or of no use, when it was looked at last. */
  isAway: boolean
  stopping: AbortController
  done: Promise<void>
}

/** What is pulled at present, by the name of its stream, and when somebody last asked after it. */
export function runningPulls({ over, trialOf, log, ...dependencies }: Dependencies) {
  const pulls = new Map<string, Pull>()

  /** A stream that is asked for by the name it is published under needs no pulling. */
  function isFed(name: string): boolean {
    const source = pulls.get(name)?.source
    return source !== undefined && !isItself(name, source)
  }

  return {
    isFed,
    /** Those that are pulled from somewhere, or are to be. */
    expected: () =>
      [...pulls].flatMap(([name, { qualities, isAway }]) => (isFed(name) ? { name, qualities, isAway } : [])),
    names: () => [...pulls.keys()],

    begin({ stream_id: name, qualities }: StreamOrder, source: PullSource) {
      const stopping = new AbortController()
      const pull: Pull = {
        source,
        qualities,
        heardAt: performance.now(),
        isAway: false,
        stopping,
        done: Promise.resolve(),
      }
      pulls.set(name, pull)
      if (isItself(name, source)) return
      const { signal } = stopping
      const trial = trialOf(name, signal)
      const looked = (isThere: boolean) => {
        pull.isAway = !isThere
      }
      pull.done = keepPulling({ ...dependencies, name, source, trial, looked, signal, log })
        .then((isOver) => (isOver ? over(name, source) : undefined))
        .catch((error) => log.error('a pull broke', error, { stream: name }))
    },

    stop(name: string) {
      pulls.get(name)?.stopping.abort()
      pulls.delete(name)
    },

    heard(name: string) {
      const pull = pulls.get(name)
      if (pull) pull.heardAt = performance.now()
    },

    /** Those that nobody has asked after for so long. */
    unheardFor: (ms: number) =>
      [...pulls].filter(([, { heardAt }]) => performance.now() - heardAt >= ms).map(([name]) => name),

    async suspend() {
      for (const { stopping } of pulls.values()) stopping.abort()
      await Promise.all([...pulls.values()].map(({ done }) => done))
    },
  }
}

export function isItself(name: string, source: PullSource): boolean {
  return source.kind === 'own' && source.name === name
}
