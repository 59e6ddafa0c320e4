import { isIP } from 'node:net'
import { isSteadyAddress } from '@sixcast/shared/contract/address-case.ts'
import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { type Claims, chooseClaims } from './choose-claims.ts'

/** A look without a reason, in case nobody gives one. */
const LOOK_EVERY_MS = 5000

/** What was seen of a line is not true for ever. */
const PREFERRED_MS = 10 * 60_000

/** The kernel changes addresses and routes together, in many small steps. */
const SETTLE_MS = 100

type Reading = { addresses: NodeAddress[]; defaultInterfaces: string[] }

/** Knows the node's addresses and which of them it claims. */
export async function watchAddresses({
  read,
  ordered,
  changed,
  report,
  signal,
  everyMs = LOOK_EVERY_MS,
  monotonic = () => performance.now(),
}: {
  read: () => Promise<Reading>
  /** The installer's choice in its family: it is claimed whatever the kernel says. */
  ordered: string | undefined
  /** Told at once when anything is another; `moved` when the node now claims another address, or goes out by another way. */
  changed: (what: { moved: boolean }) => void
  report: (error: unknown) => void
  signal: AbortSignal
  everyMs?: number
  monotonic?: () => number
}) {
  let addresses: NodeAddress[] = []
  let claims: Claims = { first: ordered }
  let preferred: { address: string; until: number } | undefined
  let seen: { all: string; way: string } | undefined
  let waking = new AbortController()

  async function look() {
    const reading = await read()
    addresses = reading.addresses
    const connected = preferred && monotonic() < preferred.until ? preferred.address : undefined
    claims = chooseClaims(addresses, { ...reading, ordered, present: claims, connected })
    const way = JSON.stringify([claims.first, reading.defaultInterfaces])
    const told = [claims.other, ...addresses.filter(isDecided).map(withoutDetails)]
    const now = { all: way + JSON.stringify(told), way }
    if (seen && now.all !== seen.all) changed({ moved: now.way !== seen.way })
    seen = now
  }

  async function keepLooking() {
    while (!signal.aborted) {
      await sleep(everyMs, waking.signal)
      await sleep(SETTLE_MS, signal)
      waking = new AbortController() // whatever comes from here on may be missing in this look
      await look().catch(report)
    }
  }

  const lookNow = () => waking.abort()
  await look()
  signal.addEventListener('abort', lookNow)
  void keepLooking()
  return {
    addresses: () => addresses,
    claimed: () => claims.first,
    /** Where it can be found as well, in the other family. */
    other: () => claims.other,
    isOwn: (address: string) =>
      address === claims.first ||
      address === claims.other ||
      addresses.some((own) => own.address === address),
    /** There is reason to. */
    lookNow,
    /** Those that could be claimed instead of the one that is, in the same family. */
    others: () =>
      addresses
        .filter(
          (own) =>
            isSteadyAddress(own) && own.address !== claims.first && isIP(claims.first ?? '') === own.family,
        )
        .map(({ address }) => address),
    /** It led out, and the claimed one did not. */
    prefer(address: string) {
      preferred = { address, until: monotonic() + PREFERRED_MS }
      lookNow()
    },
  }
}

/** Until the kernel has seen whether another machine has it too, it is good for nothing, and nobody need hear of it. */
const isDecided = ({ flags }: NodeAddress) => !flags.includes('tentative')

/** Lifetimes run down, and that is no change. */
const withoutDetails = ({ address, interface: name, flags }: NodeAddress) => [address, name, flags]
