import * as z from 'zod'
import { NodeId } from './names.ts'

/**
 * `GET /probe?nonce=&address=` on the ports that viewers use (nodes of releases up to 0.1.0 answer on the playback port alone): proves that this very node answers at this address. A node signs for
 * no address but its own: whoever now lives at one it has left could otherwise pass the question on to it.
 */
export const ProbeQuery = z.object({
  nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  address: z.union([z.ipv4(), z.ipv6()]),
})
export type ProbeQuery = z.infer<typeof ProbeQuery>

export const ProbeReply = z.object({ nodeId: NodeId, nonce: z.string(), signature: z.string() })
export type ProbeReply = z.infer<typeof ProbeReply>

export const probeText = (nodeId: string, { nonce, address }: ProbeQuery) =>
  `sixcast probe\n${nodeId}\n${nonce}\n${address}`

/** The program as which the control plane fetches a segment now and then: it costs bytes, but nobody watches. */
export const PROBER = 'Sixcast-Prober'
