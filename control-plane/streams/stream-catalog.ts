import { randomBytes } from 'node:crypto'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { hashSecret, newSecret } from '../secrets/secret-hash.ts'
import { type NewStream, readNewStream } from './new-stream.ts'
import { readListing, type StreamListing } from './stream-listing.ts'
import type { StreamRepository } from './stream-repository.ts'

export type StreamCatalog = ReturnType<typeof streamCatalog>

type Dependencies = { streams: StreamRepository; now?: () => Date }

/** What operators do with streams and their keys. */
export function streamCatalog({ streams, now = () => new Date() }: Dependencies) {
  async function createKey(streamName: string) {
    if (!(await streams.find(streamName))) throw new Problem('unknown-stream')
    const secret = newSecret()
    const id = randomBytes(4).toString('hex')
    const key = { id, stream_name: streamName, secret_hash: hashSecret(secret), created_at: now() }
    await streams.addKey(key)
    return { id, secret }
  }

  return {
    async addStream(said: NewStream) {
      const stream = readNewStream(said)
      if (!(await streams.add({ ...stream, created_at: now() })))
        throw new Problem('name-taken', `There is a stream ${stream.name} already.`)
    },

    /** What viewers read of it, and where it stands among the others. */
    async describeStream(name: string, said: StreamListing) {
      const listing = readListing(said)
      const titled = listing.title === '' ? { ...listing, title: name } : listing
      if (Object.keys(titled).length === 0)
        throw new Problem('bad-request', 'Nothing was said of the stream.')
      if (!(await streams.describe(name, titled))) throw new Problem('unknown-stream')
    },

    /** The secret is told here once and never again. */
    createKey,

    /** A new key in the place of all others: from then on only it may publish. */
    async rotateKeys(streamName: string) {
      const before = await streams.listKeys(streamName)
      const made = await createKey(streamName)
      for (const { id } of before.filter(({ revoked_at }) => !revoked_at))
        await streams.revokeKey(streamName, id, now())
      return made
    },

    async listKeys(streamName: string) {
      const keys = await streams.listKeys(streamName)
      return keys.map(({ id, created_at, revoked_at }) => ({
        id,
        createdAt: created_at,
        ...(revoked_at && { revokedAt: revoked_at }),
      }))
    },

    async revokeKey(streamName: string, keyId: string) {
      if (!(await streams.revokeKey(streamName, keyId, now()))) throw new Problem('not-found', 'No such key.')
    },
  }
}
