import type { Database } from '../database/database.ts'
import { isDuplicateKey } from '../database/duplicate-key.ts'
import type { StreamListing } from './stream-listing.ts'

export type StreamRepository = ReturnType<typeof streamRepository>

export function streamRepository(db: Database) {
  return {
    find: (name: string) => db.selectFrom('stream').selectAll().where('name', '=', name).executeTakeFirst(),

    /** False when the name is taken. */
    async add(stream: { name: string; title: string; description: string; open: boolean; created_at: Date }) {
      try {
        await db.insertInto('stream').values(stream).execute()
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** False when there is no such stream. */
    async describe(name: string, listing: StreamListing) {
      const { numUpdatedRows } = await db
        .updateTable('stream')
        .set(listing)
        .where('name', '=', name)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    addKey: (key: { id: string; stream_name: string; secret_hash: string; created_at: Date }) =>
      db.insertInto('stream_key').values(key).execute(),

    findKey: (streamName: string, secretHash: string) =>
      db
        .selectFrom('stream_key')
        .selectAll()
        .where('secret_hash', '=', secretHash)
        .where('stream_name', '=', streamName)
        .executeTakeFirst(),

    listKeys: (streamName: string) =>
      db
        .selectFrom('stream_key')
        .select(['id', 'created_at', 'revoked_at'])
        .where('stream_name', '=', streamName)
        .orderBy('created_at')
        .execute(),

    async revokeKey(streamName: string, id: string, at: Date) {
      const { numUpdatedRows } = await db
        .updateTable('stream_key')
        .set({ revoked_at: at })
        .where('stream_name', '=', streamName)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}
