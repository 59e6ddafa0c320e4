import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { PosterRepository } from './poster-repository.ts'
import { readPoster } from './read-poster.ts'
import type { StreamRepository } from './stream-repository.ts'

export type StreamPosters = ReturnType<typeof streamPosters>

type Dependencies = {
  streams: Pick<StreamRepository, 'find'>
  posters: Pick<PosterRepository, 'keep' | 'remove'>
}

/** The picture of a stream for while it is not live. */
export const streamPosters = ({ streams, posters }: Dependencies) => ({
  async setPoster(streamName: string, bytes: Buffer) {
    if (!(await streams.find(streamName))) throw new Problem('unknown-stream')
    await posters.keep(streamName, readPoster(bytes))
  },

  async removePoster(streamName: string) {
    if (!(await posters.remove(streamName))) throw new Problem('not-found', 'The stream has no poster.')
  },
})
