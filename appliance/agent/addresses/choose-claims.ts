import { isIP } from 'node:net'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { addressScope } from './address-scope.ts'
import { steadyAddress } from './steady-address.ts'

export type Claims = {
  /** Where viewers are asked to be sent. */
  first?: string | undefined
  /** In the other family: where they can be sent as well. */
  other?: string | undefined
}

type Known = {
  defaultInterfaces: string[]
  /** The installer's choice in its family: a router's public address, say, whose ports lead here. */
  ordered?: string | undefined
  present: Claims
  connected?: string | undefined
}

/** Where a node is to be found: where the installer has ordered it, or else at an IPv6 address before all; in each family at the steadiest. */
export function chooseClaims(
  addresses: NodeAddress[],
  { ordered, present, connected, defaultInterfaces }: Known,
): Claims {
  if (ordered !== undefined && addressScope(ordered) !== 'global') return { first: ordered } // a fleet on one machine

  function chosen(family: 4 | 6) {
    const own = (address?: string) => (isIP(address ?? '') === family ? address : undefined)
    return (
      own(ordered) ??
      steadyAddress(
        addresses.filter((address) => address.family === family),
        { defaultInterfaces, present: own(present.first) ?? own(present.other), connected: own(connected) },
      )
    )
  }

  const [six, four] = [chosen(6), chosen(4)]
  const fourFirst = four !== undefined && (six === undefined || four === ordered)
  return fourFirst ? { first: four, other: six } : { first: six, other: four }
}
