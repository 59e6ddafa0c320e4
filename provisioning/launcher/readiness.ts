import { connect } from 'node:net'
import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from './refusal.ts'
import type { RunningUnits } from './run-units.ts'
import type { Unit } from './unit-plan.ts'

const POLL_MS = 40
/** A program that ended so often in a row will not come up by itself. */
const HOPELESS_FAILURES = 4

/** Starts units and resolves when all of them accept connections; refuses when one of them cannot. */
export async function bringUp(
  running: RunningUnits,
  names: string[],
  logFolder: string,
  patienceMs = 30_000,
) {
  for (const name of names) running.start(name)
  await Promise.all(names.map((name) => becomesReady(running, name, { logFolder, patienceMs })))
}

async function becomesReady(
  running: RunningUnits,
  name: string,
  { logFolder, patienceMs }: { logFolder: string; patienceMs: number },
) {
  const giveUpAt = Date.now() + patienceMs
  const ready = running.units.get(name)?.ready
  while (ready && !(await answers(ready))) {
    const hopeless = running.failures(name) >= HOPELESS_FAILURES
    if (hopeless || Date.now() > giveUpAt)
      throw new Refusal(
        `The ${name} unit does not start. It said last: ${running.lastWords(name) || 'nothing'}\nAll it said is in ${logFolder}/${name}.log`,
      )
    await sleep(POLL_MS)
  }
}

async function answers(ready: NonNullable<Unit['ready']>): Promise<boolean> {
  if ('url' in ready)
    return fetch(ready.url, { signal: AbortSignal.timeout(2000) }).then(
      async (response) => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
  return new Promise((resolve) => {
    const connection = connect(ready)
    connection.once('connect', () => settle(true))
    connection.once('error', () => settle(false))
    const settle = (accepted: boolean) => {
      connection.destroy()
      resolve(accepted)
    }
  })
}
