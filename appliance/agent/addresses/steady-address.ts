import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'

/** Each of these makes an address go away, or be refused, while viewers hold it. */
const UNSTEADY = ['temporary', 'dadfailed', 'deprecated', 'tentative'] as const

/**
 * The address viewers are to be sent to: global, on the interface the default route leaves by, and the one that will last longest.
 * The present one is kept while it holds. IPv4 only for a node without global IPv6. Absent when no address will do.
 */
export function steadyAddress(
  addresses: NodeAddress[],
  { defaultInterfaces, present }: { defaultInterfaces: string[]; present?: string | undefined },
): string | undefined {
  const steady = addresses.filter(
    ({ scope, flags }) => scope === 'global' && !UNSTEADY.some((flag) => flags.includes(flag)),
  )
  const rank = ({ address, family, flags, interface: name }: NodeAddress) =>
    [family === 6, defaultInterfaces.includes(name), flags.includes('permanent'), address === present].reduce(
      (sum, better) => sum * 2 + Number(better),
      0,
    )
  return steady.toSorted((a, b) => rank(b) - rank(a) || (a.address < b.address ? -1 : 1))[0]?.address
}
