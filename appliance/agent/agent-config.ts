import { hostname } from 'node:os'
import { join } from 'node:path'
import { NodeName } from '@sixcast/shared/contract/names.ts'
import { readSettings } from '@sixcast/shared/runtime/read-settings.ts'
import * as z from 'zod'

const port = z.coerce.number().int().min(1).max(65_535)
const folder = z.string().startsWith('/')

const Environment = z
  .object({
    STATE_DIRECTORY: folder,
    RUNTIME_DIRECTORY: folder,
    CLAIMED_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
    NODE_NAME: z.string().trim().pipe(NodeName).optional(),
    PLAYBACK_PORT: port.default(8083),
    CDN_PORT: port.default(8084),
    RTMP_PORT: port.default(1935),
    CLAIM_FILE: folder.optional(),
    LOG_FILES: z.string().optional(),
    CONFIGURATION_TRIAL_SECONDS: z.coerce.number().int().min(1).max(300).default(60),
  })
  .transform((env) => ({
    stateDirectory: env.STATE_DIRECTORY,
    runtimeDirectory: env.RUNTIME_DIRECTORY,
    /** What the installer ordered; without it the agent chooses. */
    claimedAddress: env.CLAIMED_ADDRESS,
    nodeName: env.NODE_NAME,
    ports: { playback: env.PLAYBACK_PORT, cdn: env.CDN_PORT, rtmp: env.RTMP_PORT },
    /** Where whoever runs the units keeps what they say; for diagnostics. */
    logFiles: env.LOG_FILES?.split(',').filter((path) => path.startsWith('/')) ?? [],
    /** How long a new configuration must do well before it is kept. */
    trialSeconds: env.CONFIGURATION_TRIAL_SECONDS,
    claimFile: env.CLAIM_FILE ?? join(env.STATE_DIRECTORY, 'claim'),
  }))
export type AgentConfig = ReturnType<typeof readAgentConfig>

export function readAgentConfig(env: NodeJS.ProcessEnv, host = hostname()) {
  const settings = readSettings(Environment, env)
  return { ...settings, nodeName: settings.nodeName ?? nameOf(host) }
}

/** A host name may hold what no name of a node may: that is no reason not to start. */
function nameOf(host: string): string {
  const name = host.replaceAll(/[\p{C}\p{Z}]+/gu, '-').slice(0, 100)
  return NodeName.safeParse(name).success ? name : 'node'
}
