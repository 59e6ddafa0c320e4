import { lookup } from 'node:dns/promises'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { refusalOf } from './judge-address.ts'

/** `refused`: nothing is ever pulled from there; `away`: perhaps later. */
export type CheckedAddress = { address: string } | { refused: string } | { away: string }

const RESOLVED_WITHIN_MS = 3000

/** The address that a name has now. One bad address among several refuses them all: the next answer could hand out that one. */
export async function checkedAddress(
  hostname: string,
  lookUp: (host: string) => Promise<string[]> = addressesOf,
): Promise<CheckedAddress> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = await Promise.race([lookUp(host), sleep(RESOLVED_WITHIN_MS).then(() => [])])
  const [first] = addresses
  if (first === undefined) return { away: `The name ${host} leads to no address at present.` }
  const refusal = addresses.map(refusalOf).find(Boolean)
  return refusal ? { refused: refusal } : { address: first }
}

async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}
