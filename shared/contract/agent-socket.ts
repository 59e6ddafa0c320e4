import * as z from 'zod'
import { MediaLimits } from './configuration.ts'
import { NodeLoad } from './heartbeat.ts'
import { MirrorOrders } from './mirror-order.ts'
import { StreamName } from './names.ts'
import { StreamReport } from './stream-report.ts'

/**
 * What media says to the agent of the same node, over the agent's Unix socket (agent.sock):
 * `PUT /streams` every REPORT_EVERY_MS and at every change: all sessions this node has now, the agent signs and sends them on and
 * answers with LocalStreamsReply;
 * `POST /authorize` with AuthorizeRequest: the agent asks the control plane and hands back its status and body,
 * `unavailable` when the control plane does not answer within two seconds.
 */
export const LocalStreams = z.object({
  streams: z.array(StreamReport).max(1000),
  load: NodeLoad.optional().catch(undefined),
  /** The limits that media honours from its next session on. Absent from a media that knows of none. */
  limits: MediaLimits.optional().catch(undefined),
})
export type LocalStreams = z.infer<typeof LocalStreams>

export const LocalStreamsReply = z.object({
  /** The control plane's present time, once it has told it. */
  time: z.iso.datetime().optional(),
  /** The streams that the control plane does not list, because it has none of that name. */
  unknown: z.array(StreamName).max(1000).optional(),
  /** All that this node is to copy. Absent while the agent does not know: what is copied goes on. */
  mirrors: MirrorOrders.optional(),
  /** The address that the node claims: what media fetches from other nodes leaves from there, too. */
  claimed: z.union([z.ipv4(), z.ipv6()]).optional().catch(undefined),
  /** What the node's configuration asks of media; absent while there is none. */
  limits: MediaLimits.optional().catch(undefined),
})
export type LocalStreamsReply = z.infer<typeof LocalStreamsReply>
