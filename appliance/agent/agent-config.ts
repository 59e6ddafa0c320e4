import { hostname } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '@sixcast/shared/runtime/read-settings.ts'
import * as z from 'zod'

const port = z.coerce.number().int().min(1).max(65_535)
const folder = z.string().startsWith('/')

const Environment = z
  .object({
    STATE_DIRECTORY: folder,
    RUNTIME_DIRECTORY: folder,
    CLAIMED_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
    NODE_NAME: z.string().trim().min(1).max(100).optional(),
    PLAYBACK_PORT: port.default(8083),
    CDN_PORT: port.default(8084),
    RTMP_PORT: port.default(1935),
    CLAIM_FILE: folder.optional(),
  })
  .transform((env) => ({
    stateDirectory: env.STATE_DIRECTORY,
    runtimeDirectory: env.RUNTIME_DIRECTORY,
    /** What the installer ordered; without it the agent chooses. */
    claimedAddress: env.CLAIMED_ADDRESS,
    nodeName: env.NODE_NAME ?? hostname().slice(0, 100),
    ports: { playback: env.PLAYBACK_PORT, cdn: env.CDN_PORT, rtmp: env.RTMP_PORT },
    claimFile: env.CLAIM_FILE ?? join(env.STATE_DIRECTORY, 'claim'),
  }))
export type AgentConfig = z.infer<typeof Environment>

export const readAgentConfig = (env: NodeJS.ProcessEnv): AgentConfig => readSettings(Environment, env)
