import { BlockList, isIPv6 } from 'node:net'

/**
 * Whether viewers anywhere could be sent there. Node and control plane must agree: an address that one of them claims, the other
 * has to be ready to probe.
 */
export const isPublicAddress = (address: string): boolean =>
  (!isIPv6(address) || isIn(GLOBAL_IPV6, address)) && !isIn(SPECIAL, address)

export const isLoopbackAddress = (address: string): boolean => isIn(LOOPBACK, address)

/** On a network of one's own: a house, a company, a VPN. */
export const isPrivateAddress = (address: string): boolean => isIn(PRIVATE, address)

export const isLinkLocalAddress = (address: string): boolean => isIn(LINK_LOCAL, address)

const LOOPBACK = networks('127.0.0.0/8', '::1/128')
const PRIVATE = networks('10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')
const LINK_LOCAL = networks('169.254.0.0/16', 'fe80::/10')
const GLOBAL_IPV6 = networks('2000::/3')

/** Everything the registries set aside (RFC 6890 and successors), and the tunnels that are no address of their own. */
const SPECIAL = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
)

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function networks(...ranges: string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4')
  }
  return list
}
