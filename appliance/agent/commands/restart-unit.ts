import { UNITS, type UnitName } from '@sixcast/shared/contract/node-command.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Deed } from './do-commands.ts'

type Dependencies = {
  /** The process that leads a unit; absent while there is none. */
  pidOf: (unit: Exclude<UnitName, 'agent'>) => number | undefined
  /** Whether a unit takes connections. */
  answers: (unit: Exclude<UnitName, 'agent'>) => Promise<boolean>
  /** Ends this very process in order; whoever supervises it starts it again. */
  endAgent: () => void
  terminate?: (pid: number) => void
}

const LOOK_EVERY_MS = 250

/**
 * Ends a unit's process by SIGTERM, and sees that it comes back: its supervisor (the launcher, or systemd) starts what has ended. An
 * agent that may not signal a unit of another user says so.
 */
export const restartUnit =
  ({ pidOf, answers, endAgent, terminate = (pid) => process.kill(pid, 'SIGTERM') }: Dependencies): Deed =>
  async ({ unit: named = '' }, signal) => {
    const unit = UNITS.find((each) => each === named)
    if (!unit) throw new Error(`This node has no unit ${named}.`)
    if (unit === 'agent') {
      endAgent()
      await sleep(60_000, signal) // its next life tells that it has come
      throw new Error('The agent did not end.')
    }
    const before = pidOf(unit)
    if (before !== undefined) signalled(unit, () => terminate(before))
    while (!signal.aborted) {
      const now = pidOf(unit)
      if (now !== undefined && now !== before && (await answers(unit)))
        return before === undefined
          ? `${unit} was not running, and does now (process ${now}).`
          : `${unit} has started anew (process ${before} is now ${now}) and answers.`
      await sleep(LOOK_EVERY_MS, signal)
    }
    throw new Error(`${unit} has not come back.`)
  }

function signalled(unit: string, send: () => void) {
  try {
    send()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM')
      throw new Error(`The agent may not restart ${unit}: it belongs to another user of this machine.`)
    throw error
  }
}
