import type { SitePrefixes } from './prefixes.ts'
import { lineTo, nodeAddress, nodeName, placeLines, sitePrefix } from './topology.ts'

/** Machines that come to the lab later: one that has a node's address now, and one that has its key as well. */
export type Guest = 'impostor' | 'clone'

export const guestName = (guest: Guest, n: number) => `${guest}-${n}`

/** A line of its own, somewhere else: who copies a card takes it home. */
export const cloneAddress = (n: number) => `2a10:0:d${n}::80`

/** Whose prefix he has got: the one that the node has left, else the one that it believes to have. */
export const takenGeneration = ({ present, former }: SitePrefixes) => former?.generation ?? present

export const cloneScript = (n: number) =>
  placeLines({ name: guestName('clone', n), ipv6: cloneAddress(n) }).join('\n')

/** The provider gives the prefix to another customer, who is online at once and has chosen the same end of the address. */
export function impostorScript(n: number, site: SitePrefixes): string {
  const [name, generation] = [guestName('impostor', n), takenGeneration(site)]
  const ipv6 = nodeAddress(n, generation, site.kind)
  const forget = `ip -6 route flush exact ${sitePrefix(n, generation, site.kind)}`
  return [forget, ...placeLines({ name, ipv6 })].join('\n')
}

/** Before the place goes, for its lines go with it; the prefix then leads where it led before him. */
export function goneScript(guest: Guest, n: number, site: SitePrefixes): string {
  const generation = takenGeneration(site)
  const gone = [`ip link delete ${lineTo(guestName(guest, n))}`, `ip netns delete ${guestName(guest, n)}`]
  if (guest === 'clone') return gone.join('\n')
  const leads = site.former?.is === 'forgotten' ? 'blackhole' : ''
  const back = leads ? '' : ` dev ${lineTo(nodeName(n))}`
  return [...gone, `ip -6 route add ${leads} ${sitePrefix(n, generation, site.kind)}${back}`].join('\n')
}
