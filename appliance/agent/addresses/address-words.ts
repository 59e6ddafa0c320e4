import { addressCase, addressCaseWords } from '@sixcast/shared/contract/address-case.ts'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { toldOnce } from '../told-once.ts'

/** What the node's addresses are good for, in words. Where the installer has ordered one, that is his matter. */
export function addressWords({
  addresses,
  ordered,
  log,
}: {
  addresses: () => NodeAddress[]
  ordered: string | undefined
  log: Log
}) {
  const tell = toldOnce()

  function say() {
    if (ordered !== undefined) return
    const is = addressCase(addresses())
    const { trouble, what, remedy } = addressCaseWords[is]
    tell(is, () => {
      if (trouble) log.warn('viewers cannot be sent to this node', { cause: `It ${what}.`, remedy })
      else log.info('viewers can be sent to this node', { because: `It ${what}.` })
    })
  }

  say()
  return {
    /** To be called whenever the addresses are others: a trouble is said when it begins, and when it is over. */
    say,
    health() {
      if (ordered !== undefined) return undefined
      const is = addressCase(addresses())
      const { what, remedy } = addressCaseWords[is]
      return { case: is, what: `It ${what}.`, remedy }
    },
  }
}
