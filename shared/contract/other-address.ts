import * as z from 'zod'

/**
 * `POST /v1/other-address`, signed, sent from that address. Viewers may be sent there as well as to the claimed one, which is of the
 * other family, once a probe has found the node there. Without an address: no longer.
 */
export const OtherAddress = z.object({ address: z.union([z.ipv4(), z.ipv6()]).optional() })
export type OtherAddress = z.infer<typeof OtherAddress>

export const OtherAddressHeard = z.object({ heard: z.literal(true) })
export type OtherAddressHeard = z.infer<typeof OtherAddressHeard>

/** How often it is said again, and for how long it counts. */
export const OTHER_ADDRESS = { everySeconds: 5 * 60, countsForSeconds: 15 * 60 }
