import type { Database } from '../database/database.ts'
import type { Poster } from './read-poster.ts'

export type PosterRepository = ReturnType<typeof posterRepository>

export function posterRepository(db: Database) {
  return {
    /** By its hash as well: what is handed out under a URL never changes. */
    find: (streamName: string, hash: string) =>
      db
        .selectFrom('stream_poster')
        .select(['type', 'bytes'])
        .where('stream_name', '=', streamName)
        .where('hash', '=', hash)
        .executeTakeFirst(),

    /** In the place of the one before. */
    keep: (streamName: string, poster: Poster) =>
      db
        .insertInto('stream_poster')
        .values({ stream_name: streamName, ...poster })
        .onDuplicateKeyUpdate({ ...poster })
        .execute(),

    /** False when there was none. */
    async remove(streamName: string) {
      const { numDeletedRows } = await db
        .deleteFrom('stream_poster')
        .where('stream_name', '=', streamName)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
