import { randomBytes } from 'node:crypto'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { TurnRepository } from './turn-repository.ts'

type Dependencies = {
  turns: TurnRepository
  name: string
  log: Pick<Log, 'info'>
  report: (error: unknown) => void
  /** So long the turn of a process that has died is waited for. */
  turnMs?: number
  everyMs?: number
  now?: () => number
}

/** Of several processes one has the turn; when it dies another has it some seconds later. */
export function takeTurns({
  turns,
  name,
  log,
  report,
  turnMs = 6000,
  everyMs = 1500,
  now = () => performance.now(),
}: Dependencies) {
  const holder = randomBytes(8).toString('hex')
  const stopping = new AbortController()
  let oursUntil = Number.NEGATIVE_INFINITY
  let had = false

  async function round() {
    const asked = now()
    const has = await turns.take({ name, holder, ms: turnMs })
    // Counted from before the question: it ends here earlier than there.
    oursUntil = has ? asked + turnMs : Number.NEGATIVE_INFINITY
    if (has && !had) log.info('this process has the turn', { of: name })
    had = has
  }

  const ended = repeat(everyMs, round, stopping.signal, report)

  return {
    isOurs: () => now() < oursUntil,
    /** The next need not wait. */
    async stop() {
      stopping.abort()
      await ended
      oursUntil = Number.NEGATIVE_INFINITY
      await turns.giveBack({ name, holder })
    },
  }
}
