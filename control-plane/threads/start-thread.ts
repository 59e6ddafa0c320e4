import { Worker } from 'node:worker_threads'
import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'

export type Asked = { id: number; task: string; nodeId: string }
/** What a thread says: that it is ready, that a task is done, or that there is news of a node. */
export type Told = { ready: true } | { done: number } | { newsOf: string }

type Events = {
  /** Told when it ends though nobody has stopped it; of one that was never ready `ready` tells. */
  died: (error: unknown) => void
  heard?: (nodeId: string) => void
}

/** So long a stop waits for what is under way; a database that is away would hold it for a minute. */
const MOST_MS = 8000
/** Swept more often than the thread of the beats: its long sweeps would take that one's core away. */
const YOUNG_MB = 48

/** A part of the control plane on a thread of its own: neither its work nor its memory keeps those waiting who beat or watch. */
export function startThread(file: URL, settings: object, { died, heard = () => {} }: Events) {
  const thread = new Worker(file, {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {}) // whoever waits for it is told
  const waiting = new Map<number, () => void>()
  let lastId = 0
  let [isReady, stopping, hasSaidWhy] = [false, false, false]

  function ended(error: unknown) {
    if (!isReady) ready.reject(asItWas(error))
    else if (!stopping) died(error)
  }

  thread.on('message', (told: Told) => {
    if ('ready' in told) {
      isReady = true
      return ready.resolve()
    }
    if ('newsOf' in told) return heard(told.newsOf)
    waiting.get(told.done)?.()
    waiting.delete(told.done)
  })
  thread.on('error', (error) => {
    hasSaidWhy = true
    ended(error)
  })
  thread.on('exit', (code) => {
    if (!hasSaidWhy) ended(new Error(`${file.pathname} has ended with code ${code}.`))
    for (const goOn of waiting.values()) goOn()
  })

  function ask(task: string, nodeId = '') {
    const id = ++lastId
    thread.postMessage({ id, task, nodeId } satisfies Asked)
    return new Promise<void>((resolve) => waiting.set(id, resolve))
  }

  return {
    ready: ready.promise,
    /** Done when that is done; what went wrong the thread has reported itself. */
    ask,
    async stop() {
      stopping = true
      await Promise.race([ask('stop'), sleep(MOST_MS)])
      await thread.terminate()
    },
  }
}

const asItWas = (error: unknown) =>
  error instanceof Error && error.name === 'CannotStart' ? new CannotStart(error.message) : error
