import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { steadyAddress } from './steady-address.ts'

/** A look costs three small reads of /proc, less than a child that listens to netlink. */
const LOOK_EVERY_MS = 2000

type Reading = { addresses: NodeAddress[]; defaultInterfaces: string[] }

/** Knows the node's addresses and which of them it claims; `changed` tells at once when either is another. */
export async function watchAddresses({
  read,
  ordered,
  changed,
  report,
  signal,
  everyMs = LOOK_EVERY_MS,
}: {
  read: () => Promise<Reading>
  /** The installer's choice: it is claimed whatever the kernel says. */
  ordered: string | undefined
  changed: () => void
  report: (error: unknown) => void
  signal: AbortSignal
  everyMs?: number
}) {
  let addresses: NodeAddress[] = []
  let claimed = ordered
  let seen = ''

  async function look() {
    const reading = await read()
    addresses = reading.addresses
    claimed = ordered ?? steadyAddress(addresses, { ...reading, present: claimed })
    const now = JSON.stringify([claimed, addresses.map(withoutDetails)])
    if (seen && now !== seen) changed()
    seen = now
  }

  await look()
  void repeat(everyMs, look, signal, report)
  return {
    addresses: () => addresses,
    claimed: () => claimed,
    isOwn: (address: string) => address === claimed || addresses.some((own) => own.address === address),
  }
}

/** Lifetimes run down, and that is no change. */
const withoutDetails = ({ address, interface: name, flags }: NodeAddress) => [address, name, flags]
