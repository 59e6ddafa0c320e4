import { lookup } from 'node:dns/promises'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { type Place, placeOf, refusalOf } from './judge-address.ts'

/** `refused`: nothing is ever pulled from there; `away`: perhaps later. */
export type CheckedAddress = { address: string; place: Place } | { refused: string } | { away: string }

const RESOLVED_WITHIN_MS = 3000

/**
 * The address that a name has now. One bad address among several refuses them all: the next answer could hand out that one. A
 * name with an address in the house is one of the house, whatever else it has.
 */
export async function checkedAddress(
  hostname: string,
  lookUp: (host: string) => Promise<string[]> = addressesOf,
): Promise<CheckedAddress> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = await Promise.race([lookUp(host), sleep(RESOLVED_WITHIN_MS).then(() => [])])
  const refusal = addresses.map(refusalOf).find(Boolean)
  if (refusal) return { refused: refusal }
  const found = addresses.map((address) => ({ address, place: placeOf(address) }))
  return (
    found.find(({ place }) => place === 'house') ??
    found[0] ?? { away: `The name ${host} leads to no address at present.` }
  )
}

async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}
