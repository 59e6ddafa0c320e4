import { BlockList, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import {
  isLinkLocalAddress,
  isLoopbackAddress,
  isPublicAddress,
} from '@sixcast/shared/contract/special-networks.ts'

/** On the Internet, or where only this house (its VPN, its provider) leads: one of them never leads a source into the other. */
export type Place = 'house' | 'internet'

/** Why nothing is pulled from there; undefined for the Internet and for cameras of the house. */
export function refusalOf(address: string): string | undefined {
  const bare = unwrapped(bareOf(address))
  const why = isThisMachine(bare) ? 'is this machine itself' : strangenessOf(bare)
  return why && `${address} ${why}`
}

/** The same of what the fleet itself orders: several of its nodes may be on one machine. */
export function refusalOfNode(address: string): string | undefined {
  const why = strangenessOf(unwrapped(bareOf(address)))
  return why && `${address} ${why}`
}

function strangenessOf(bare: string): string | undefined {
  const judgements: [boolean, string][] = [
    [isLinkLocalAddress(bare), 'is link-local: machines of a cloud keep their secrets there'],
    [isIn(METADATA, bare), 'is where a cloud keeps the secrets of its machines'],
    [isIn(NOBODY, bare), 'is no single machine'],
    [isIn(ELSEWHERE, bare), 'leads to an address that it does not show'],
  ]
  return judgements.find(([applies]) => applies)?.[1]
}

/** By loopback or by an address it has at present: its other services listen there too. */
export function isThisMachine(address: string): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return isLoopbackAddress(address) || addresses.some((own) => own.address === address)
}

export function placeOf(address: string): Place {
  return isPublicAddress(unwrapped(bareOf(address))) ? 'internet' : 'house'
}

const METADATA = new BlockList()
METADATA.addSubnet('fd00:ec2::', 32, 'ipv6')
METADATA.addAddress('fd20:ce::254', 'ipv6')
METADATA.addAddress('100.100.100.200', 'ipv4')
METADATA.addAddress('168.63.129.16', 'ipv4')
METADATA.addSubnet('192.0.0.0', 24, 'ipv4')

const NOBODY = new BlockList()
NOBODY.addSubnet('0.0.0.0', 8, 'ipv4')
NOBODY.addSubnet('224.0.0.0', 3, 'ipv4')
NOBODY.addAddress('::', 'ipv6')
NOBODY.addSubnet('ff00::', 8, 'ipv6')

/** Tunnels and translators: 6to4, Teredo, NAT64 with a prefix of its own. And site-local addresses, which are nobody's any more. */
const ELSEWHERE = new BlockList()
ELSEWHERE.addSubnet('2002::', 16, 'ipv6')
ELSEWHERE.addSubnet('2001::', 32, 'ipv6')
ELSEWHERE.addSubnet('64:ff9b:1::', 48, 'ipv6')
ELSEWHERE.addSubnet('fec0::', 10, 'ipv6')

/** IPv6 spellings that reach an IPv4 address: mapped, translated, compatible and NAT64. */
const WRAPPINGS = [
  /^::ffff:(\w+):(\w+)$/,
  /^::ffff:0:(\w+):(\w+)$/,
  /^::(\w+):(\w+)$/,
  /^64:ff9b::(\w+):(\w+)$/,
]

/** Without the interface that it is reached by. */
const bareOf = (address: string) => address.split('%')[0] ?? ''

function unwrapped(address: string): string {
  if (!isIPv6(address)) return address
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = WRAPPINGS.map((wrapping) => wrapping.exec(written)).find(Boolean) ?? []
  if (high === undefined || low === undefined) return written
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
