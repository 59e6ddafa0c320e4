import { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { isPublicAddress } from '@sixcast/shared/contract/special-networks.ts'
import { familyOf } from '../addresses/addresses.ts'
import type { Place } from './reach-origin.ts'

type Found = { proven: Place | undefined; addresses: string | null }

/**
 * Where an origin is found: where a probe has found it, and for who has nothing of that family, at a public address of the other
 * one that it has on an interface of its own. No probe has been there: it is no place for viewers, and a mirror that finds nobody
 * there, or somebody else, has nothing to report.
 */
export function originPlaces({ proven, addresses }: Found): Place[] {
  if (!proven) return []
  const other = ownAddresses(addresses).find(
    ({ address, family, scope, flags }) =>
      family !== familyOf(proven.address) &&
      scope === 'global' &&
      !flags.some((flag) => flag !== 'permanent') &&
      isPublicAddress(address),
  )
  return isPublicAddress(proven.address) && other
    ? [proven, { address: other.address, port: proven.port }]
    : [proven]
}

/** As the last heartbeat told them; it may have been of a release that is gone. */
function ownAddresses(json: string | null): NodeAddress[] {
  if (json === null) return []
  return NodeAddress.array().safeParse(JSON.parse(json)).data ?? []
}
