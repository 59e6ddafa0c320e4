import { isPublicAddress } from '@sixcast/shared/contract/special-networks.ts'
import { familyOf, household } from '../addresses/addresses.ts'

/**
 * What the line at an address is known by: its /56 of IPv6, its public IPv4 address. Two that share it stand behind one router.
 * Absent for addresses that are the same in many places.
 */
export function siteOf(address: string): string | undefined {
  if (!isPublicAddress(address)) return undefined
  return familyOf(address) === 4 ? address : prefix56(address)
}

function prefix56(address: string): string {
  const groups = household(address).split(':') // the first 64 bits
  const upperHalf = Number.parseInt(groups[3] ?? '0', 16) >> 8
  return `${[...groups.slice(0, 3), (upperHalf << 8).toString(16)].join(':')}::/56`
}
