import { SessionId, StreamName } from '@sixcast/shared/contract/names.ts'
import { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import * as z from 'zod'
import { TrackWindow } from '../packager/track-window.ts'

/** A session as its process left it, beside its segments: both are lost together, or neither. */
export const SessionFile = z.object({
  name: StreamName,
  session: SessionId,
  savedAt: z.number(),
  endedAt: z.number().optional(),
  record: SessionRecord,
  records: z.array(SessionRecord).default([]),
  tracks: z.array(TrackWindow).min(1),
})
export type SessionFile = z.infer<typeof SessionFile>

/** What the disk keeps of a stream's session, for when memory is lost. */
export const RecordFile = z.object({ name: StreamName, record: SessionRecord })
export type RecordFile = z.infer<typeof RecordFile>
