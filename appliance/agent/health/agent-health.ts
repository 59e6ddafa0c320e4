import { AddressCase } from '@sixcast/shared/contract/address-case.ts'
import * as z from 'zod'

/** How the agent stands, for whoever runs this machine: the launcher, an installer with curl. */
export const AgentHealth = z.object({
  nodeId: z.string(),
  name: z.string(),
  /** Where the node stands with its fleet; `barred` is revoked or unknown there. */
  fleet: z.enum(['waiting-for-claim', 'starting', 'accepted', 'failing', 'barred']),
  /** What the control plane said, or why it could not be asked; with `failing` and `barred`. */
  cause: z.string().optional(),
  /** The address it asks viewers to be sent to. */
  claimed: z.string().optional(),
  /** Where they can be sent as well, in the other family. */
  otherAddress: z.string().optional(),
  /** What its addresses are good for, and what to do about it; where the installer has ordered an address, that is his matter. */
  addresses: z.object({ case: AddressCase, what: z.string(), remedy: z.string() }).optional(),
  link: z.enum(['up', 'down']),
  live: z.array(z.string()),
  /** The version of what its operator wants of it, 0 before the first; on trial until it has proven itself. */
  configuration: z.object({ version: z.number(), onTrial: z.boolean() }).optional(),
})
export type AgentHealth = z.infer<typeof AgentHealth>
