import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { toldOnce } from '../told-once.ts'
import type { ClaimFile } from './claim-file.ts'
import type { Identity } from './identity-file.ts'

/**
 * For after an accepted heartbeat, and not before: the node is in the fleet for good, so the secret has done its work. A claim of
 * another fleet is not ours to erase.
 */
export function settleClaim(claims: ClaimFile, log: Log) {
  const tell = toldOnce()

  return async ({ fleetKey, controlPlaneUrl }: Identity): Promise<void> => {
    const found = await claims.read()
    if (found.kind !== 'claim') return
    if (found.claim.fleetKey !== fleetKey) {
      const message = `${claims.path} is of another fleet; this node belongs to ${controlPlaneUrl} and stays there.`
      return tell(message, () => log.warn('a claim is ignored', { message }))
    }
    try {
      claims.erase()
      log.info('the claim has been used and is erased')
    } catch (error) {
      const message = `${claims.path} cannot be erased: ${describe(error)}. Remove it by hand.`
      tell(message, () => log.warn('the claim is left behind', { message }))
    }
  }
}
