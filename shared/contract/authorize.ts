import * as z from 'zod'
import { StreamName } from './names.ts'

/** Those that node-rtmp.conf has: `rtmp://HOST:1935/stream`, and `live`, which is the same. */
export const RTMP_APPLICATIONS = ['stream', 'live']

/** May this key publish this stream? As query (GET) or form (POST), the way nginx-rtmp sends it; what else comes is dropped. */
export const AuthorizeRequest = z.object({
  app: z.string().max(50).default('stream'),
  name: StreamName,
  /** Only said in the log. nginx-rtmp sends an IP address for each of its TCP listeners; what is none is nobody's. */
  addr: z.union([z.ipv4(), z.ipv6()]).optional().catch(undefined),
  /** Absent or empty: only an open stream may be published. */
  key: z.string().max(200).optional(),
})
export type AuthorizeRequest = z.infer<typeof AuthorizeRequest>

export const AuthorizeReply = z.object({ allowed: z.literal(true), name: StreamName, open: z.boolean() })
export type AuthorizeReply = z.infer<typeof AuthorizeReply>
