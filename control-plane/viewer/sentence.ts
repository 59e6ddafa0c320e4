import type { PlayerWords } from './player-words.ts'
import type { WatchState } from './watch-page.ts'

/** A picture that has not moved for so long is said to stand still. */
export const STILL_MS = 1500

export type Situation = {
  still: boolean
  online: boolean
  state: WatchState['state']
  matter: string
  failures: number
}

/** The sentence on the picture: none while it moves, whatever is wrong behind it. */
export function sentenceFor(
  words: PlayerWords,
  { still, online, state, matter, failures }: Situation,
): string {
  if (!still) return ''
  if (!online) return words.offline
  if (state !== 'live' || matter) return matter
  return failures >= 2 ? words.unreachable : ''
}
