import * as z from 'zod'

const Environment = z
  .object({
    STATE_DIRECTORY: z.string().min(1),
    RUNTIME_DIRECTORY: z.string().min(1),
    LIVE_DIRECTORY: z.string().min(1),
    RTMP_URL: z.string().regex(/^rtmp:\/\/[^/]+\/[^/]+$/, 'rtmp://HOST:PORT/APPLICATION'),
    SEGMENT_DURATION: z.coerce.number().int().min(1).max(10).default(2),
    PLAYLIST_SIZE: z.coerce.number().int().min(3).max(1000).default(10),
    STALE_THRESHOLD: z.coerce.number().int().positive().default(600),
  })
  .transform((env) => ({
    stateDirectory: env.STATE_DIRECTORY,
    runtimeDirectory: env.RUNTIME_DIRECTORY,
    liveDirectory: env.LIVE_DIRECTORY,
    /** Without the application: a stream is pulled from the one it is published to. */
    rtmpServer: env.RTMP_URL.replace(/\/[^/]*$/, ''),
    settings: {
      segmentSeconds: env.SEGMENT_DURATION,
      listed: env.PLAYLIST_SIZE,
      staleMs: env.STALE_THRESHOLD * 1000,
    },
  }))
type MediaConfig = z.infer<typeof Environment>

export function readMediaConfig(env: NodeJS.ProcessEnv): MediaConfig {
  const result = Environment.safeParse(env)
  if (!result.success) throw new Error(`Bad configuration:\n${z.prettifyError(result.error)}`)
  return result.data
}
