import { isSteadyAddress } from '@sixcast/shared/contract/address-case.ts'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { FOR_EVER } from '@sixcast/shared/contract/heartbeat.ts'

/** Lifetimes that a router renews are now longer, now shorter than each other: so much more is not chance but a router that has forgotten one. */
const CLEARLY_LONGER = 2

/**
 * Of one family the address viewers are to be sent to: global, on the interface the default route leaves by, and the one that will
 * last longest. The present one is kept while it holds. Absent when no address will do.
 */
export function steadyAddress(
  addresses: NodeAddress[],
  {
    defaultInterfaces,
    present,
    connected,
  }: {
    defaultInterfaces: string[]
    present?: string | undefined
    /** One that lately led out when the claimed one did not. */
    connected?: string | undefined
  },
): string | undefined {
  const rank = ({ flags, origin, interface: name }: NodeAddress) =>
    [
      defaultInterfaces.includes(name),
      flags.includes('permanent') || origin === 'static',
      origin === 'slaac' || origin === 'stable-privacy', // the same as long as the prefix is
    ].reduce((sum, better) => sum * 2 + Number(better), 0)

  const [best] = addresses
    .filter(isSteadyAddress)
    .toSorted((a, b) => rank(b) - rank(a) || lasts(b) - lasts(a) || (a.address < b.address ? -1 : 1))
  const find = (address?: string) => addresses.find((own) => own.address === address && isSteadyAddress(own))
  const proven = find(connected)
  if (proven) return proven.address
  const held = find(present)
  if (!best || !held || rank(held) < rank(best)) return best?.address
  return lasts(best) >= CLEARLY_LONGER * lasts(held) ? best.address : held.address
}

/** Where nobody could tell, nothing speaks against it. */
const lasts = ({ preferredSeconds = FOR_EVER }: NodeAddress) => preferredSeconds
