import { parentPort } from 'node:worker_threads'
import type { Asked, Told } from './start-thread.ts'

/** Does what the main thread asks for, from now on. */
export function serveMain(tasks: Record<string, (nodeId: string) => unknown>) {
  parentPort?.on('message', async ({ id, task, nodeId }: Asked) => {
    await tasks[task]?.(nodeId)
    tellMain({ done: id })
  })
  tellMain({ ready: true })
}

export const tellMain = (told: Told) => parentPort?.postMessage(told)
