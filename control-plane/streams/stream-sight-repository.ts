import {
  ReportedAudio,
  ReportedRendition,
  SessionRecord,
  StreamSight,
} from '@sixcast/shared/contract/stream-report.ts'
import * as z from 'zod'
import type { Database } from '../database/database.ts'

export type StreamSights = ReturnType<typeof streamSightRepository>

/** What one node sees of a stream that it has now. */
export type SeenStream = {
  node: { id: string; name: string }
  role: 'origin' | 'mirror'
  state: 'live' | 'waiting'
  since: Date
  renditions: ReportedRendition[]
  audio?: ReportedAudio | undefined
  record?: SessionRecord | undefined
  /** Absent from releases that do not tell. */
  sight?: StreamSight | undefined
}

const Ladder = z.object({
  renditions: z.array(ReportedRendition).catch([]),
  audio: ReportedAudio.optional().catch(undefined),
})

export const streamSightRepository = (db: Database, now: () => Date = () => new Date()) => ({
  /** By every node that has it, the origin first. */
  async of(stream: string): Promise<SeenStream[]> {
    const rows = await db
      .selectFrom('stream_report as report')
      .innerJoin('node', 'node.id', 'report.node_id')
      .select(['node.id', 'node.name', 'report.role', 'report.state', 'report.since'])
      .select(['report.renditions', 'report.record', 'report.seen'])
      .where('report.stream_name', '=', stream)
      .where('report.state', '!=', 'ended')
      .where('report.lives_until', '>', now())
      .where('node.revoked_at', 'is', null)
      .orderBy('report.since', 'desc')
      .execute()
    const seen = rows.map(({ id, name, role, state, since, ...texts }): SeenStream => {
      const { renditions, audio } = Ladder.catch({ renditions: [] }).parse(JSON.parse(texts.renditions))
      return {
        ...{ node: { id, name }, role: role ?? 'origin', state: state as SeenStream['state'], since },
        ...{ renditions, audio },
        record: SessionRecord.safeParse(JSON.parse(texts.record)).data,
        ...(texts.seen !== null && { sight: StreamSight.safeParse(JSON.parse(texts.seen)).data }),
      }
    })
    return seen.toSorted((one, other) => Number(one.role === 'mirror') - Number(other.role === 'mirror'))
  },
})
