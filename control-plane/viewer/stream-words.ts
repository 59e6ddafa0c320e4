import { elapsed, MINUTE_MS } from '../look/elapsed.ts'
import type { StreamView } from '../streams/stream-view.ts'

/** What is the matter, to be said on the picture in one sentence. Empty while all is well. */
export function matterOf({ state, host }: Pick<StreamView, 'state' | 'host'>): string {
  switch (state) {
    case 'live':
      return host === undefined
        ? 'The stream is live, but nobody can reach the box that sends it. This page keeps trying.'
        : ''
    case 'waiting':
      return 'The encoder is away. This page continues by itself.'
    case 'lost':
      return 'The connection to the source is lost. This page continues by itself.'
    case 'ended':
      return 'This stream has ended.'
    case 'never':
      return 'This stream has not begun yet. This page starts it by itself.'
  }
}

/** The quiet line under a title. Under a minute it does not count: nobody wants to read seconds there. */
export function lineOf(
  { state, since: begun, stateSince, height }: Pick<StreamView, 'state' | 'since' | 'stateSince' | 'height'>,
  now: Date,
): string {
  const since = state === 'live' ? begun : stateSince
  const age = since && now.getTime() - since.getTime() >= MINUTE_MS ? elapsed(since, now) : undefined
  switch (state) {
    case 'live':
      return [age ? `Live for ${age}` : 'Live now', ...(height ? [`${height}p`] : [])].join(' · ')
    case 'waiting':
    case 'lost':
      return 'Interrupted'
    case 'ended':
      return age ? `Finished ${age} ago` : 'Finished just now'
    case 'never':
      return 'Not begun yet'
  }
}
