import { familyOf, urlHost } from '../addresses/addresses.ts'

export type Place = { address: string; port: number }

/** What an address is good for: to be reached by others of its family, on this machine alone (a whole fleet may live there) or abroad. */
export type Line = 'IPv4' | 'IPv6' | 'loopback IPv4' | 'loopback IPv6'

/** Where a mirror fetches what the origin makes, and whether it surely gets there. */
export type Reach = { from: string; sure: boolean }

/**
 * How a node on these lines (of the address it claims, of the one its heartbeats come from) gets to an origin that is found at
 * `places`, the best first. Who shows IPv6 nearly always has IPv4 as well; who shows IPv4 alone nearly never has IPv6.
 */
export function reachOrigin(places: Place[], lines: Line[]): Reach | undefined {
  const sure = places.find(({ address }) => lines.includes(lineOf(address)))
  if (sure) return { from: endpoint(sure), sure: true }
  const likely = lines.includes('IPv6') && places.find(({ address }) => lineOf(address) === 'IPv4')
  return likely ? { from: endpoint(likely), sure: false } : undefined
}

export function lineOf(address: string): Line {
  const isHere = address === '::1' || address.startsWith('127.')
  return `${isHere ? 'loopback ' : ''}IPv${familyOf(address)}`
}

const endpoint = ({ address, port }: Place) => `${urlHost(address)}:${port}`
