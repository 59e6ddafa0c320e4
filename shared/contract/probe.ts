import * as z from 'zod'
import { NodeId } from './names.ts'

/** `GET /probe?nonce=` on the node's playback port: proves that this very node answers at this address. */
export const ProbeQuery = z.object({ nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/) })
export const ProbeReply = z.object({ nodeId: NodeId, nonce: z.string(), signature: z.string() })
export type ProbeReply = z.infer<typeof ProbeReply>

export const probeText = (nodeId: string, nonce: string) => `sixcast probe\n${nodeId}\n${nonce}`
