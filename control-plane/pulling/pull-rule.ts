import { isIP } from 'node:net'
import { isPrivateAddress, isPublicAddress } from '@sixcast/shared/contract/special-networks.ts'
import * as z from 'zod'
import { canonicalAddress } from '../addresses/addresses.ts'
import { SERIES_NAMES } from '../history/series.ts'

const LEAST_SECONDS = 5

/** How a node is asked for its measurements, as an operator sets it. */
export const PullRule = z.object({
  pulled: z.boolean(),
  /** Where the node is asked; absent: where viewers are sent. Nodes behind a VPN have another one for this. */
  address: z
    .string()
    .trim()
    .refine((address) => isIP(address) !== 0, 'is no IP address')
    .transform(canonicalAddress)
    .refine(
      (address) => isPublicAddress(address) || isPrivateAddress(address),
      'is neither public nor of a private network: no node is there',
    )
    .optional(),
  /** Absent: the node's playback port. */
  port: z.number().int().min(1).max(65_535).optional(),
  seconds: z.number().int().min(LEAST_SECONDS).max(3600),
  /** What is kept of what it answers; absent: everything. */
  series: z
    .array(z.enum(SERIES_NAMES))
    .min(1, 'has nothing in it: choose something that is to be kept')
    .optional(),
})
export type PullRule = z.infer<typeof PullRule>

export const NO_PULL: PullRule = { pulled: false, seconds: 60 }

/** A node that may be asked, with the rule that holds for it. Where it only claims to be it is not asked: that may be somebody else's door. */
export type Pulled = { nodeId: string; proven?: string; playbackPort?: number; rule: PullRule }

/** Where that is; undefined while the node has not said where it is. */
export function pullTarget({
  proven,
  playbackPort,
  rule,
}: Pulled): { host: string; port: number } | undefined {
  const [host, port] = [rule.address ?? proven, rule.port ?? playbackPort]
  return host === undefined || port === undefined ? undefined : { host, port }
}
