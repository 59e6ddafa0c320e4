import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { withDetails } from './address-details.ts'
import { addressScope } from './address-scope.ts'
import { defaultInterfaces } from './default-route.ts'
import { parseIfInet6 } from './if-inet6.ts'

/** All addresses the kernel has now, with their flags and lifetimes, and the interfaces of the default routes. */
export async function readNodeAddresses() {
  const [inet6 = '', route6 = '', route4 = '', shown = ''] = await Promise.all([
    ...['/proc/net/if_inet6', '/proc/net/ipv6_route', '/proc/net/route'].map(
      (path) => readFile(path, 'utf8').catch(() => ''), // a kernel without IPv6 has no such file
    ),
    showAddresses(),
  ])
  const addresses = worthTelling([...parseIfInet6(inet6), ...ipv4Addresses()])
  return {
    addresses: withDetails(addresses, shown),
    defaultInterfaces: defaultInterfaces(route6, route4),
  }
}

const MOST = 100
const SCOPES: NodeAddress['scope'][] = ['global', 'private', 'loopback', 'link']

/** A heartbeat has room for so many, and a box with containers has hundreds: those that matter to viewers stand first. */
export const worthTelling = (addresses: NodeAddress[]): NodeAddress[] =>
  addresses.toSorted((a, b) => SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope)).slice(0, MOST)

/** Nothing where it cannot be had: lifetimes are good to know, and the flags of /proc decide without them. */
const showAddresses = () =>
  promisify(execFile)('ip', ['-j', 'address', 'show'], { timeout: 500, maxBuffer: 8 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    () => '',
  )

function ipv4Addresses(): NodeAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, cidr }) => ({
        address,
        family: 4 as const,
        interface: name,
        prefixLength: Number(cidr?.split('/')[1] ?? 32),
        scope: addressScope(address),
        flags: [],
      })),
  )
}
