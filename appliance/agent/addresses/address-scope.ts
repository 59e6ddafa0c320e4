import { BlockList, isIPv6 } from 'node:net'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'

/** What an address is good for: only a global one can be given to viewers. */
export function addressScope(address: string): NodeAddress['scope'] {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (loopback.check(address, family)) return 'loopback'
  if (link.check(address, family)) return 'link'
  if (family === 'ipv6' && !unicast.check(address, family)) return 'private'
  return elsewhere.check(address, family) ? 'private' : 'global'
}

const loopback = nets('127.0.0.0/8', '::1/128')
const link = nets('169.254.0.0/16', 'fe80::/10')
const unicast = nets('2000::/3')

/** Looks global, is not: private and shared nets, documentation, benchmarks, 6to4, Teredo, multicast and what is reserved. */
const elsewhere = nets(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '0.0.0.0/8'],
  ...['192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15', '224.0.0.0/3'],
  ...['2001:db8::/32', '3fff::/20', '2002::/16', '2001::/32'],
)

function nets(...ranges: string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', length] = range.split('/')
    list.addSubnet(net, Number(length), isIPv6(net) ? 'ipv6' : 'ipv4')
  }
  return list
}
