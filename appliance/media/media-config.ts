import { join } from 'node:path'
import { readSettings } from '@sixcast/shared/runtime/read-settings.ts'
import * as z from 'zod'

function whole(unit: string, least: number, most: number) {
  const sentence = `a whole number of ${unit} from ${least} to ${most}`
  return z.coerce.number(sentence).int(sentence).min(least, sentence).max(most, sentence)
}

const Environment = z
  .object({
    STATE_DIRECTORY: z.string().min(1),
    RUNTIME_DIRECTORY: z.string().min(1),
    LIVE_DIRECTORY: z.string().min(1),
    RTMP_URL: z.string().regex(/^rtmp:\/\/[^/]+\/[^/]+$/, 'rtmp://HOST:PORT/APPLICATION'),
    SEGMENT_DURATION: whole('seconds', 1, 10).default(2),
    PART_DURATION: whole('milliseconds', 200, 1000).default(333),
    LOW_LATENCY_HLS: z.stringbool('true or false').default(true),
    PLAYLIST_SIZE: whole('segments', 3, 1000).default(10),
    CLEANUP_INTERVAL: whole('seconds', 1, 86_400).default(300),
    STALE_THRESHOLD: whole('seconds', 1, 604_800).default(600),
    MEASURE_ENCODERS: z.stringbool('true or false').default(true),
    INGEST_DIRECTORY: z.string().min(1).optional(),
  })
  .transform((env) => ({
    stateDirectory: env.STATE_DIRECTORY,
    runtimeDirectory: env.RUNTIME_DIRECTORY,
    liveDirectory: env.LIVE_DIRECTORY,
    /** The files that streams may be made of. */
    ingestDirectory: env.INGEST_DIRECTORY ?? join(env.STATE_DIRECTORY, 'ingest'),
    /** Whether it is measured what this machine can encode; else that is guessed. */
    measuresEncoders: env.MEASURE_ENCODERS,
    cleanUpMs: env.CLEANUP_INTERVAL * 1000,
    /** Without the application: a stream is pulled from the one it is published to. */
    rtmpServer: env.RTMP_URL.replace(/\/[^/]*$/, ''),
    settings: {
      segmentSeconds: env.SEGMENT_DURATION,
      /** In milliseconds, about: parts are whole frames. */
      partMs: env.PART_DURATION,
      lowLatency: env.LOW_LATENCY_HLS,
      hls: true,
      dash: true,
      listed: env.PLAYLIST_SIZE,
      staleMs: env.STALE_THRESHOLD * 1000,
    },
  }))
type MediaConfig = z.infer<typeof Environment>

export const readMediaConfig = (env: NodeJS.ProcessEnv): MediaConfig => readSettings(Environment, env)
