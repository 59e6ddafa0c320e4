import * as z from 'zod'
import type { NodeAddress } from './heartbeat.ts'

/** What a node's own addresses make of it for viewers outside. */
export const AddressCase = z.enum(['global-v6', 'public-v4', 'nat-v4', 'ula-only', 'none'])
export type AddressCase = z.infer<typeof AddressCase>

/** Each of these makes an address go away, or be refused, while viewers hold it. */
const UNSTEADY = ['temporary', 'dadfailed', 'deprecated', 'tentative'] as const

/** Whether viewers could be sent to an address, and be there for a while. */
export const isSteadyAddress = ({ scope, flags }: NodeAddress): boolean =>
  scope === 'global' && !UNSTEADY.some((flag) => flags.includes(flag))

/** The best that the addresses are good for. Those of containers and tunnels say nothing of the line. */
export function addressCase(addresses: NodeAddress[]): AddressCase {
  const has = (family: 4 | 6, is: (own: NodeAddress) => boolean) =>
    addresses.some((own) => own.family === family && is(own))
  if (has(6, isSteadyAddress)) return 'global-v6'
  if (has(4, isSteadyAddress)) return 'public-v4'
  if (has(4, isOfHome)) return 'nat-v4'
  return has(6, isOfHome) ? 'ula-only' : 'none'
}

const isOfHome = ({ scope, interface: name }: NodeAddress) =>
  scope === 'private' && !/^(?:docker|br-|veth|virbr|cni|podman|lxc|wg|tun|tap|tailscale)/.test(name)

/** In words: what is so (the node is the subject), and what a person can do. `trouble` where no viewer outside can connect. */
export const addressCaseWords: Record<AddressCase, { trouble: boolean; what: string; remedy: string }> = {
  'global-v6': {
    trouble: false,
    what: 'has a global IPv6 address that lasts',
    remedy: 'Its router must let viewers in to it.',
  },
  'public-v4': {
    trouble: false,
    what: 'has a public IPv4 address, and no global IPv6 address that lasts',
    remedy: 'IPv6 from its provider would let in viewers who have nothing else.',
  },
  'nat-v4': {
    trouble: true,
    what: 'has no global IPv6 address that lasts, and IPv4 only behind a router: nobody outside can connect to it',
    remedy:
      'Switch on IPv6 in its router, or ask the provider for it. Or have the router forward the ports that viewers use, and set CLAIMED_ADDRESS to the router’s public address.',
  },
  'ula-only': {
    trouble: true,
    what: 'has only IPv6 addresses of its own network, which lead nowhere outside',
    remedy: 'Switch on IPv6 in its router, so that it hands on a prefix of the provider.',
  },
  none: {
    trouble: true,
    what: 'has no address that another machine could use',
    remedy: 'See whether its cable is plugged in, and whether its router hands out addresses.',
  },
}
