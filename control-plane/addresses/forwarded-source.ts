import { BlockList, isIP, isIPv6 } from 'node:net'
import { canonicalAddress } from './addresses.ts'

/** Whether an address is a proxy of ours, out of the addresses and prefixes that were named. */
export type IsOwnProxy = (address: string) => boolean

export const isNetwork = (network: string): boolean => {
  const [address = '', prefix, ...more] = network.split('/')
  if (!isIP(address) || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest(address))
}

export function ownProxies(networks: string[]): IsOwnProxy {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = longest(address)] = network.split('/')
    list.addSubnet(address, Number(prefix), kind(address))
  }
  return (address) => isIP(address) !== 0 && list.check(address, kind(address))
}

/**
 * Where a request set out. Each proxy writes its peer at the end of X-Forwarded-For, and what stands before that anybody may have
 * written: so only as far as our own proxies go back, and no further.
 */
export function forwardedSource(peer: string, forwardedFor: string | undefined, isOwn: IsOwnProxy): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => canonicalAddress(hop.trim()))
  let source = peer
  while (isOwn(source)) {
    const before = hops.pop()
    if (before === undefined || !isIP(before)) break
    source = before
  }
  return source
}

const kind = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')
const longest = (address: string) => (isIPv6(address) ? 128 : 32)
