import type { StreamSight } from '@sixcast/shared/contract/stream-report.ts'
import type { LiveSession } from './live-session.ts'
import type { StreamProblem } from './stream-problems.ts'

type Known = {
  /** Absent when it is copied from another node. */
  session: Pick<LiveSession, 'source' | 'encoder' | 'latencyMs'> | undefined
  responseMs: number | undefined
  problems: StreamProblem[]
}

const MOST_CHARACTERS = 500

/** What an operator is told of a stream beside its clock and its ladder. */
export function streamSight({ session, responseMs, problems }: Known): StreamSight {
  const [source, speed, latencyMs] = [session?.source(), session?.encoder()?.speed(), session?.latencyMs()]
  return {
    ...(source && {
      source: {
        ...{ width: source.width, height: source.height },
        ...{ framesPerSecond: source.frameRate, audio: source.audio },
      },
    }),
    ...(typeof speed === 'number' && { speed }),
    ...(latencyMs !== undefined && { latencyMs: Math.max(0, Math.round(latencyMs)) }),
    ...(responseMs !== undefined && { responseMs }),
    problems: problems.map(({ at, what }) => ({ at, what: what.slice(0, MOST_CHARACTERS) })),
  }
}
