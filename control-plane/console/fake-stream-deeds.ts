import { Problem } from '@sixcast/shared/contract/problem.ts'
import { readPoster } from '../streams/read-poster.ts'
import { readListing } from '../streams/stream-listing.ts'
import type { ConsoleDependencies, StreamKey } from './console-dependencies.ts'

type Deeds = Pick<ConsoleDependencies, 'streamCatalog' | 'streamPosters'>

/** For tests: what operators do with streams is noted, and refused as the rooms themselves refuse it. */
export const streamDeeds = (done: unknown[], listKeys: () => StreamKey[]): Deeds => ({
  streamCatalog: {
    async addStream(added) {
      if (added.name === 'harbour') throw new Problem('name-taken', 'There is a stream harbour already.')
      done.push(['add', added])
    },
    async describeStream(name, said) {
      readListing(said)
      done.push(['describe', name, said])
    },
    async createKey(name) {
      done.push(['key', name])
      return { secret: 'the-secret' }
    },
    async rotateKeys(name) {
      done.push(['rotate keys', name])
      return { secret: 'the-secret' }
    },
    listKeys: async () => listKeys(),
    async revokeKey(name, id) {
      done.push(['revoke key', name, id])
    },
  },
  streamPosters: {
    async setPoster(name, bytes) {
      done.push(['poster', name, readPoster(bytes).type])
    },
    async removePoster(name) {
      done.push(['remove poster', name])
    },
  },
})
