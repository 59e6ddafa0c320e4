import * as z from 'zod'
import { MirrorOrders } from './mirror-order.ts'
import { StreamName } from './names.ts'

/** What the kernel gives as the lifetime of an address that stays for ever (RFC 4861). */
export const FOR_EVER = 0xffff_ffff

const lifetime = z.number().int().min(0).max(FOR_EVER).optional().catch(undefined)

/** One address as the kernel knows it. The flags decide which of them is steady enough to be given to viewers. */
export const NodeAddress = z.object({
  address: z.union([z.ipv4(), z.ipv6()]),
  family: z.union([z.literal(4), z.literal(6)]),
  interface: z.string().max(50),
  prefixLength: z.number().int().min(0).max(128),
  scope: z.enum(['global', 'private', 'link', 'loopback']),
  flags: z.array(z.enum(['temporary', 'dadfailed', 'deprecated', 'tentative', 'permanent'])).max(5),
  /** Until nothing new is begun with it, and until it is gone, when this was said. Absent: nobody could tell. */
  preferredSeconds: lifetime,
  validSeconds: lifetime,
  /** Who made it up. */
  origin: z.enum(['static', 'slaac', 'stable-privacy', 'dhcp']).optional().catch(undefined),
})
export type NodeAddress = z.infer<typeof NodeAddress>

/** The ports viewers and encoders use on this node. */
export const NodePorts = z.object({
  playback: z.number().int().min(1).max(65_535),
  cdn: z.number().int().min(1).max(65_535),
  rtmp: z.number().int().min(1).max(65_535),
})
export type NodePorts = z.infer<typeof NodePorts>

/**
 * The CDN endpoints that viewers and caches are sent to, unless the control plane is told otherwise: a probe proves a node's address,
 * and not that the node is behind each of its ports.
 */
export const CDN_PORTS = [80, 443, 8084]

/** What a node sends to its viewers now. */
export const NodeLoad = z.object({
  viewers: z.number().int().nonnegative().max(10_000_000),
  bitsPerSecond: z.number().nonnegative().max(1e12),
})
export type NodeLoad = z.infer<typeof NodeLoad>

/** `POST /v1/heartbeat`, signed, sent from the claimed address. Renews the lease. */
export const Heartbeat = z.object({
  release: z.string().max(50),
  hardware: z.string().max(100),
  /** The address this node asks viewers to be sent to. It counts once a probe has found the node there. */
  claimed: z.union([z.ipv4(), z.ipv6()]).optional(),
  addresses: z.array(NodeAddress).max(200),
  ports: NodePorts,
  live: z.array(StreamName).max(1000),
  /** Drawn anew by each start of the agent: where two that live at once take turns, two machines have the same key. */
  instance: z
    .string()
    .regex(/^[a-z0-9]{16}$/)
    .optional()
    .catch(undefined),
  /** Absent while media has not told it. */
  load: NodeLoad.optional().catch(undefined),
  /** The last beat of an orderly shutdown: the lease ends with it. */
  leaving: z.boolean().optional(),
})
export type Heartbeat = z.infer<typeof Heartbeat>

export const HeartbeatReply = z.object({
  leaseSeconds: z.number(),
  /** When the next beat is expected; the node adds its own jitter. */
  nextSeconds: z.number(),
  /** The control plane's, when it replied. */
  time: z.iso.datetime().optional(),
  /** Where metrics go. The password is good for an hour and comes with every beat. */
  mqtt: z.object({ url: z.string(), username: z.string(), password: z.string() }).optional(),
  /** All that the node is to copy; absent from releases that did not tell. */
  mirrors: MirrorOrders.optional().catch(undefined),
  /** The newest version of the node's configuration: one that has another fetches it. */
  configuration: z.number().int().nonnegative().optional().catch(undefined),
  /** Commands wait to be fetched. */
  commands: z.boolean().optional().catch(undefined),
})
export type HeartbeatReply = z.infer<typeof HeartbeatReply>
