import * as z from 'zod'
import { MaintenanceWindow } from './maintenance-window.ts'

/** Sizes of a picture by its shorter side. */
export const TALLEST = ['1080p', '720p', '480p', '360p', '240p'] as const

/** What an operator has told a node to do. Draining: nobody new comes, and who watches is moved elsewhere without a break. Maintenance: the same, and nobody is alarmed. */
export const Duty = z.enum(['serving', 'draining', 'maintenance'])
export type Duty = z.infer<typeof Duty>

/** Judged only where there is a URL at all. */
const hasPassword = (url: string) => {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.username + parsed.password !== ''
}

const limit = (most: number) => z.number().int().min(0).max(most)

/**
 * What an operator wants of one node. Each setting may be absent: then it is as if nobody had asked for anything. Only new settings may
 * come; a node of an older release says of one that it does not know that it is unsupported, and does the rest.
 */
export const NodeSettings = z.strictObject({
  /** The release it is to run. Shown; acted on by a later release. */
  release: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,49}$/, 'a release is a version such as 1.4.2')
    .optional(),
  /** The best rendition that it makes of a stream, whatever its source sends. */
  tallestQuality: z.enum(TALLEST).optional(),
  mostRenditions: limit(10).min(1).optional(),
  /** How many streams it takes in at a time. */
  mostStreams: limit(1000).optional(),
  /** Its egress budget: more viewers, or more bits per second, are sent elsewhere. */
  mostViewers: limit(1_000_000).optional(),
  mostBitsPerSecond: limit(1e12).optional(),
  duty: Duty.optional(),
  /** When it is in maintenance, week for week. */
  maintenanceWindows: z.array(MaintenanceWindow).max(20).optional(),
  /** Where it finds its control plane from now on, if not where it enrolled. */
  controlPlaneUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine(
      (url) => !hasPassword(url),
      'must name no user and no password: it is shown to whoever may see the node',
    )
    .optional(),
})
export type NodeSettings = z.infer<typeof NodeSettings>
export type SettingName = keyof NodeSettings

/** What media is to honour of it, told over the agent's socket. */
export const MediaLimits = z.object({
  tallestQuality: z.enum(TALLEST).optional(),
  mostRenditions: z.number().int().min(1).optional(),
  mostStreams: z.number().int().min(0).optional(),
})
export type MediaLimits = z.infer<typeof MediaLimits>

const Version = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

/** `GET /v1/configuration?have=N`, signed. */
export const ConfigurationQuery = z.object({
  have: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
})

/** The settings are parsed one by one by whoever acts on them: one that is not known yet spoils none of the others. */
export const ConfigurationReply = z.union([
  z.object({ version: Version, settings: z.record(z.string().max(100), z.unknown()) }),
  /** There is none, or the node has it. */
  z.object({ unchanged: z.literal(true) }),
])
export type ConfigurationReply = z.infer<typeof ConfigurationReply>

/** What has come of one setting. */
export const ConfigurationStep = z.object({
  setting: z.string().max(100),
  outcome: z.enum(['applied', 'unchanged', 'rejected', 'unsupported']),
  why: z.string().max(500).optional(),
})
export type ConfigurationStep = z.infer<typeof ConfigurationStep>

/** `POST /v1/configuration/report`, signed: once a version is applied, once its trial is over, and when the node has gone back. */
export const ConfigurationReport = z.object({
  version: Version,
  state: z.enum(['trial', 'kept', 'returned']),
  steps: z.array(ConfigurationStep).max(100),
  /** The version that the node lives by now: after a return the last good one, 0 for none at all. */
  inForce: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Why it went back. */
  cause: z.string().max(500).optional(),
})
export type ConfigurationReport = z.infer<typeof ConfigurationReport>

export const ReportHeard = z.object({ heard: z.literal(true) })
export type ReportHeard = z.infer<typeof ReportHeard>
