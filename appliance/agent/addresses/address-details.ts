import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import * as z from 'zod'

type Details = Pick<NodeAddress, 'preferredSeconds' | 'validSeconds' | 'origin'>

const flag = z.boolean().default(false)

const Shown = z.object({
  local: z.string(),
  prefixlen: z.number(),
  dynamic: flag,
  'stable-privacy': flag,
  preferred_life_time: z.number().optional(),
  valid_life_time: z.number().optional(),
})

const Interface = z.object({ ifname: z.string(), addr_info: z.array(z.unknown()) })

/** The addresses with what `ip -j address show` tells of them. What it does not speak of, or nobody understands, stays as it was. */
export function withDetails(addresses: NodeAddress[], shown: string): NodeAddress[] {
  const details = detailsIn(shown)
  return addresses.map((own) => ({ ...own, ...details.get(keyOf(own.interface, own.address)) }))
}

function detailsIn(shown: string): Map<string, Details> {
  return new Map(
    parsedList(shown).flatMap((each) => {
      const { success, data } = Interface.safeParse(each) // some releases put empty objects between
      return success ? data.addr_info.flatMap((info) => entryOf(data.ifname, info)) : []
    }),
  )
}

function entryOf(name: string, info: unknown): [string, Details][] {
  const { success, data } = Shown.safeParse(info)
  if (!success) return []
  const { preferred_life_time: preferredSeconds, valid_life_time: validSeconds } = data
  const details = { preferredSeconds, validSeconds, origin: originOf(data) }
  return [[keyOf(name, data.local), details]]
}

/** The kernel does not say it: a leased IPv6 address stands alone in its prefix, one made from an announced prefix does not. */
function originOf(shown: z.infer<typeof Shown>): NonNullable<NodeAddress['origin']> {
  if (!shown.dynamic) return 'static'
  if (shown['stable-privacy']) return 'stable-privacy'
  return shown.prefixlen === 128 || !shown.local.includes(':') ? 'dhcp' : 'slaac'
}

const keyOf = (name: string, address: string) => `${name} ${address}`

function parsedList(shown: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(shown)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
