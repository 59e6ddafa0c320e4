import { Worker } from 'node:worker_threads'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Control } from './reachability/ask-controls.ts'
import type { ProbeRules } from './reachability/probe-target.ts'

export type ProberSettings = { databaseUrl: string; rules: ProbeRules; controls: Control[] }
export type Asked = { id: number; task: 'probeNow' | 'watchClosely' | 'stop'; nodeId: string }
export type Told = { done: number }

/** So long a stop waits for what is under way; a database that is away would hold it for a minute. */
const MOST_MS = 8000

/** The prober, on a thread of its own. `died` is told when it ends though nobody has stopped it. */
export function startProberThread(settings: ProberSettings, died: (error: unknown) => void) {
  const thread = new Worker(new URL('prober-thread.ts', import.meta.url), { workerData: settings })
  const waiting = new Map<number, () => void>()
  let lastId = 0
  let stopping = false
  thread.on('message', ({ done }: Told) => {
    waiting.get(done)?.()
    waiting.delete(done)
  })
  thread.on('error', (error) => stopping || died(error))
  thread.on('exit', () => {
    if (!stopping) died(new Error('The prober has ended.'))
    for (const goOn of waiting.values()) goOn()
  })

  function ask(task: Asked['task'], nodeId = '') {
    const id = ++lastId
    thread.postMessage({ id, task, nodeId } satisfies Asked)
    return new Promise<void>((resolve) => waiting.set(id, resolve))
  }

  return {
    /** Asks this node now. Done when that is done; what went wrong the prober has reported itself. */
    probeNow: (nodeId: string) => ask('probeNow', nodeId),
    /** Viewers have lost this node: it is looked at until it is found or has fallen. */
    watchClosely: (nodeId: string) => ask('watchClosely', nodeId),
    async stop() {
      stopping = true
      await Promise.race([ask('stop'), sleep(MOST_MS)])
      await thread.terminate()
    },
  }
}
