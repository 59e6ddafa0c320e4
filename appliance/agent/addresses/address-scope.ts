import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import {
  isLinkLocalAddress,
  isLoopbackAddress,
  isPublicAddress,
} from '@sixcast/shared/contract/special-networks.ts'

/** What an address is good for: only a global one can be given to viewers. */
export function addressScope(address: string): NodeAddress['scope'] {
  if (isLoopbackAddress(address)) return 'loopback'
  if (isLinkLocalAddress(address)) return 'link'
  return isPublicAddress(address) ? 'global' : 'private'
}
