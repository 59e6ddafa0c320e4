import { isIPv6 } from 'node:net'

/** One spelling per address, so that addresses can be compared as text: as the kernel writes them, IPv4 without its IPv6 wrapping. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address)) return address
  const written = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const wrapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(written)
  if (!wrapped) return written
  const bits = (Number.parseInt(wrapped[1] ?? '', 16) << 16) | Number.parseInt(wrapped[2] ?? '', 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}

export const familyOf = (address: string): 4 | 6 => (isIPv6(address) ? 6 : 4)

/** An address as it stands in a URL. */
export const urlHost = (address: string) => (isIPv6(address) ? `[${address}]` : address)

/** What counts as one household in limits: an IPv6 line has 2^64 addresses to itself. */
export function household(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
