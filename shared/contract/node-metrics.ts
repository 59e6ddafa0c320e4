import * as z from 'zod'

const share = z.number().min(0).max(100)
const bytes = z.number().nonnegative()

/** What a node measures of itself: `GET /api/metrics`, and by MQTT every few seconds. Absent means the machine cannot tell. */
export const NodeMetrics = z.object({
  measuredAt: z.iso.datetime(),
  uptimeSeconds: z.number().nonnegative(),
  cpu: z.object({ percent: share, cores: z.number().int().positive(), load1: z.number().nonnegative() }),
  memory: z.object({ totalBytes: bytes, usedBytes: bytes }),
  storage: z
    .array(
      z.object({
        mount: z.string().max(500),
        totalBytes: bytes,
        usedBytes: bytes,
        /** What was written to its device lately. */
        writtenBytesPerSecond: bytes.optional().catch(undefined),
        /** How much of its life a flash memory says it has spent. Cards do not tell, soldered ones do. */
        wornPercent: share.optional().catch(undefined),
      }),
    )
    .max(50),
  network: z
    .array(
      z.object({ interface: z.string().max(50), receivedBytesPerSecond: bytes, sentBytesPerSecond: bytes }),
    )
    .max(50),
  temperatureCelsius: z.number().optional(),
  /** What the board says of its supply and its clock: a Raspberry Pi tells. */
  power: z
    .object({ undervoltage: z.boolean(), throttled: z.boolean(), frequencyCapped: z.boolean() })
    .optional()
    .catch(undefined),
  /** Live on this node, and how many watch them from it; absent while media has not told it. */
  streams: z.number().int().nonnegative().optional().catch(undefined),
  viewers: z.number().int().nonnegative().optional().catch(undefined),
  /** Sixcast's own processes on this node. */
  processes: z
    .array(
      z.object({
        name: z.string().max(50),
        pid: z.number().int(),
        cpuPercent: z.number(),
        memoryBytes: bytes,
      }),
    )
    .max(200),
})
export type NodeMetrics = z.infer<typeof NodeMetrics>

/** What a node's connection tells: `online` when it is made, `offline` by the broker as its last will. A hint to probe, never the truth. */
export const NodePresence = z.object({ state: z.enum(['online', 'offline']) })
export type NodePresence = z.infer<typeof NodePresence>

/** The control plane has news for a node, which beats at once to be told. It carries nothing: what is said over MQTT is a hint. */
export const NodeWake = z.object({})

/** Every MQTT topic of the fleet and the shape of what it carries. */
export const topics = {
  metrics: { of: (nodeId: string) => `fleet/${nodeId}/metrics`, payload: NodeMetrics },
  presence: { of: (nodeId: string) => `fleet/${nodeId}/presence`, payload: NodePresence },
  wake: { of: (nodeId: string) => `fleet/${nodeId}/wake`, payload: NodeWake },
} as const
