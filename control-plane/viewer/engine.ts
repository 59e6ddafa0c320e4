import type { Delay } from './live-edge.ts'
import type { Kept } from './moment.ts'
import type { Miss } from './pathway-watch.ts'
import type { Quality } from './quality-choice.ts'

/** What brings the picture to the video element: hls.js, or the browser itself. */
export type Engine = {
  /** Begins anew with this playlist, whatever state the last left behind. What the viewer chose stays. */
  load: (url: string) => void
  /** Where the viewer should be by the playlist's own hold-back; absent while nothing is known. */
  edge: () => number | undefined
  delay: () => Delay | undefined
  /** What can be gone back to, with its time; absent while that is not known. */
  kept?: () => Kept | undefined
  /** None where the browser does not let us choose. */
  qualities: () => Quality[]
  playing: () => Quality | undefined
  /** By height; absent for automatic. */
  choose: (height: number | undefined) => void
  /** Why it will not play this at all, in words. */
  trouble?: () => string
  /** The pathway that it plays from; absent where there is no steering. */
  pathway?: () => string | undefined
  /** The pathways that have failed it lately. */
  spared?: () => string[]
  captions: () => 'none' | 'hidden' | 'shown'
  showCaptions: (shown: boolean) => void
}

export type EngineTold = {
  /** It cannot go on with this source. */
  failed: () => void
  /** Media has come. */
  arrived: () => void
  /** A pathway has failed while another answered. */
  lost: (lost: Lost) => void
}

export type Lost = { pathway: string; how: Miss | 'error' }
