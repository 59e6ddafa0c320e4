import * as z from 'zod'
import { NodeId, NodeName, PublicKey } from './names.ts'

/** `GET /v1/time?nonce=`: signed by the fleet's key over `timeText`, so a node with any clock knows the control plane and the time. */
export const TimeQuery = z.object({ nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/) })
export const TimeReply = z.object({ time: z.iso.datetime(), nonce: z.string(), signature: z.string() })
export type TimeReply = z.infer<typeof TimeReply>

export const timeText = (time: string, nonce: string) => `sixcast time\n${time}\n${nonce}`

/** `POST /v1/enrol`. The signature over `enrolText` proves that the sender holds the key. Same claim and same key again: same node. */
export const EnrolRequest = z.object({
  secret: z.string().min(1).max(100),
  publicKey: PublicKey,
  /** What people call it; the host name unless the installer chose another. */
  name: NodeName,
  /** Serial numbers and addresses of the hardware, hashed. It is kept with the node; nothing compares it yet. */
  hardware: z.string().max(100),
  release: z.string().max(50),
  signature: z.string().max(100),
})
export type EnrolRequest = z.infer<typeof EnrolRequest>

export const enrolText = (request: Omit<EnrolRequest, 'signature'>) =>
  ['sixcast enrol', request.secret, request.publicKey, request.name, request.hardware, request.release].join(
    '\n',
  )

export const EnrolReply = z.object({ nodeId: NodeId, name: z.string() })
export type EnrolReply = z.infer<typeof EnrolReply>
