import { OTHER_ADDRESS } from '@sixcast/shared/contract/other-address.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import type { Answer } from '../requests/answer.ts'
import { toldOnce } from '../told-once.ts'

type Dependencies = {
  /** Where the node can be found as well; absent where it has one family only. */
  other: () => string | undefined
  /** From that very address: that it arrives from there proves that it is ours. */
  say: (address: string | undefined) => Promise<Answer<unknown>>
  log: Pick<Log, 'info'>
  now?: () => number
}

/** Keeps the control plane knowing at which address of the other family viewers can be sent here as well. */
export function otherAddress({ other, say, log, now = () => performance.now() }: Dependencies) {
  const tell = toldOnce()
  let told: { address?: string | undefined; at: number } = { at: 0 }
  let saying = false

  function isDue(address: string | undefined) {
    if (address !== told.address) return true
    return address !== undefined && now() - told.at >= OTHER_ADDRESS.everySeconds * 1000
  }

  return {
    /** After each accepted heartbeat: what could not be said is tried again with the next. */
    async beaten() {
      const address = other()
      if (saying || !isDue(address)) return
      saying = true
      const answer = await say(address).catch(unsaid)
      saying = false
      // A control plane of an older release knows no such question; it may be a newer one some day.
      if (answer.kind === 'accepted' || isUnknown(answer)) told = { address, at: now() }
      else if (address !== undefined)
        tell(address, () => log.info('viewers are not sent to the other address', why(address, answer)))
    },
  }
}

const isUnknown = (answer: Answer<unknown>) => answer.kind === 'refused' && answer.code === 'not-found'

const unsaid = (error: unknown): Answer<never> => ({ kind: 'away', cause: describe(error) })

const why = (address: string, answer: Exclude<Answer<unknown>, { kind: 'accepted' }>) => ({
  address,
  cause: answer.kind === 'away' ? `The control plane does not answer there: ${answer.cause}.` : answer.code,
})
