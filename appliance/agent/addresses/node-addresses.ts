import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { addressScope } from './address-scope.ts'
import { defaultInterfaces } from './default-route.ts'
import { parseIfInet6 } from './if-inet6.ts'

/** All addresses the kernel has now, with their flags, and the interfaces of the default routes. */
export async function readNodeAddresses() {
  const [inet6, route6, route4] = await Promise.all(
    ['/proc/net/if_inet6', '/proc/net/ipv6_route', '/proc/net/route'].map(
      (path) => readFile(path, 'utf8').catch(() => ''), // a kernel without IPv6 has no such file
    ),
  )
  return {
    addresses: [...parseIfInet6(inet6 ?? ''), ...ipv4Addresses()].slice(0, 200),
    defaultInterfaces: defaultInterfaces(route6 ?? '', route4 ?? ''),
  }
}

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
