import * as z from 'zod'

/** Units of a node that can be restarted one by one. */
export const UNITS = ['rtmp', 'nginx', 'media', 'agent'] as const
export type UnitName = (typeof UNITS)[number]

export const CommandId = z.string().regex(/^[0-9a-f]{12}$/)

/** What a node is told to do, once. Name and unit are parsed by whoever does it: what it does not know is unsupported. */
export const NodeCommand = z.object({
  id: CommandId,
  name: z.string().max(50),
  unit: z.string().max(50).optional(),
  /** So long it may take from when it was begun. */
  timeoutSeconds: z.number().int().min(1).max(3600),
})
export type NodeCommand = z.infer<typeof NodeCommand>

/** `GET /v1/commands`, signed: what waits for the node. What it has begun before it does not begin again. */
export const CommandsReply = z.object({ commands: z.array(NodeCommand).max(50) })
export type CommandsReply = z.infer<typeof CommandsReply>

/** `POST /v1/commands/{id}`, signed: that it is begun, and what has come of it, in words. */
export const CommandReport = z.object({
  state: z.enum(['acknowledged', 'done', 'failed', 'unsupported']),
  outcome: z.string().max(1000).optional(),
})
export type CommandReport = z.infer<typeof CommandReport>

export const CommandHeard = z.object({ heard: z.literal(true) })
export type CommandHeard = z.infer<typeof CommandHeard>

/** The largest body of `POST /v1/commands/{id}/diagnostics`. */
export const DIAGNOSTICS_BYTES = 3 * 1024 * 1024

/** What a node tells of itself for whoever mends it. No secrets: they are masked before it leaves the node. */
export const Diagnostics = z.object({
  sections: z.array(z.object({ name: z.string().max(100), text: z.string().max(200_000) })).max(30),
})
export type Diagnostics = z.infer<typeof Diagnostics>
