import type { Database } from '../database/database.ts'

/** Which streams are live on which node, as its last word says that still holds. */
export const liveOnNodes = (db: Database, at: Date) =>
  db
    .selectFrom('stream_report')
    .select(['node_id', 'stream_name'])
    .distinct()
    .where('state', '=', 'live')
    .where('lives_until', '>', at)
    .orderBy('stream_name')
