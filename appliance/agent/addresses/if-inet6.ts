import { SocketAddress } from 'node:net'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { addressScope } from './address-scope.ts'

/** linux/if_addr.h. Node does not tell these; the file prints the lowest byte of them. */
const FLAGS = [
  ['temporary', 0x01],
  ['dadfailed', 0x08],
  ['deprecated', 0x20],
  ['tentative', 0x40],
  ['permanent', 0x80],
] as const

/** The lines of /proc/net/if_inet6: address, interface index, prefix length, scope, flags (all hexadecimal), interface. */
export function parseIfInet6(text: string): NodeAddress[] {
  return text.split('\n').flatMap((line) => {
    const [hex, , prefix, , flags, name] = line.trim().split(/\s+/)
    if (!hex || !prefix || !flags || !name || !/^[0-9a-f]{32}$/.test(hex)) return []
    const address = shortForm(hex)
    const bits = Number.parseInt(flags, 16)
    return [
      {
        address,
        family: 6 as const,
        interface: name,
        prefixLength: Number.parseInt(prefix, 16),
        scope: addressScope(address),
        flags: FLAGS.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag),
      },
    ]
  })
}

/** As people and URLs write it: 2001:db8::1. */
function shortForm(hex: string): string {
  const groups = hex.match(/.{4}/g) ?? []
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address
}
