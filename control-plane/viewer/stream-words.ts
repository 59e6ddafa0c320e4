import { MINUTE_MS } from '../look/elapsed.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { Texts } from './texts/viewer-texts.ts'

/** What is the matter, to be said on the picture in one sentence. Empty while all is well. */
export function matterOf({ state, host }: Pick<StreamView, 'state' | 'host'>, { matter }: Texts): string {
  if (state === 'live') return host === undefined ? matter.outOfReach : ''
  return matter[state]
}

type Told = Pick<StreamView, 'state' | 'since' | 'stateSince' | 'height'>

/** The quiet line under a title. Under a minute it does not count: nobody wants to read seconds there. */
export function lineOf(
  { state, since: begun, stateSince, height }: Told,
  now: Date,
  { line }: Texts,
): string {
  const since = state === 'live' ? begun : stateSince
  const counted = since && now.getTime() - since.getTime() >= MINUTE_MS ? since : undefined
  switch (state) {
    case 'live':
      return [counted ? line.liveFor(counted, now) : line.live, ...(height ? [`${height}p`] : [])].join(' · ')
    case 'waiting':
    case 'lost':
      return line.interrupted
    case 'ended':
      return counted ? line.finishedAgo(counted, now) : line.finished
    case 'never':
      return line.never
  }
}
