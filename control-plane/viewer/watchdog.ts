/** What can be seen of a player from outside: what hls.js or the element believe of themselves is not asked. */
export type Sight = {
  now: number
  /** `currentTime`, in seconds. */
  position: number
  /** How many frames were shown so far; absent where none can be counted (a hidden page, sound alone). */
  frames?: number | undefined
  /** The viewer wants it to play and the stream is live: then it must move. */
  expected: boolean
  paused: boolean
  /** Where the viewer should be: what is buffered beyond a hole, else the live edge; absent when nothing lies ahead. */
  ahead?: number | undefined
}

export type Watch = {
  last?: Sight
  /** How long the picture stands, in ms. */
  stillMs: number
  /** How much of that nobody can excuse: it should have moved, and the present source has had its time. */
  stuckMs: number
  renewals: number
  jumped: boolean
}

/** `jump` over what is missing; `renew` everything: a new source, a new engine. */
export type Mend = 'none' | 'play' | 'jump' | 'renew'

export const unseen: Watch = { stillMs: Number.POSITIVE_INFINITY, stuckMs: 0, renewals: 0, jumped: false }

const PLAY_MS = 1000
const JUMP_MS = 3000
const RENEW_MS = 8000
/** On a slow line a new beginning takes its time: each gets more of it. */
const LONGEST_RENEW_MS = 30_000
/** Timers of a hidden page are throttled, those of a sleeping device stand: time nobody looked at counts only so far. */
const LONGEST_LOOK_MS = 4000
const SHORTEST_JUMP_S = 0.5
const INTO_THE_BUFFER_S = 0.05

/** Looks at the player again: what is known of it then, and what must be done about it. */
export function nextWatch(watch: Watch, sight: Sight): [Watch, Mend] {
  const last = watch.last
  if (!last) return [{ ...watch, last: sight }, 'none']
  if (moves(last, sight)) return [{ last: sight, stillMs: 0, stuckMs: 0, renewals: 0, jumped: false }, 'none']
  const lookedMs = Math.min(sight.now - last.now, LONGEST_LOOK_MS)
  const still = { ...watch, last: sight, stillMs: watch.stillMs + lookedMs }
  if (!sight.expected) return [{ ...still, stuckMs: 0, renewals: 0, jumped: false }, 'none']
  return mend({ ...still, stuckMs: watch.stuckMs + lookedMs }, sight)
}

function mend(watch: Watch, { paused, ahead }: Sight): [Watch, Mend] {
  const { stuckMs, renewals, jumped } = watch
  if (stuckMs >= Math.min(LONGEST_RENEW_MS, RENEW_MS * 1.5 ** renewals))
    return [{ ...watch, stuckMs: 0, renewals: renewals + 1, jumped: false }, 'renew']
  if (stuckMs >= JUMP_MS && !jumped && ahead !== undefined) return [{ ...watch, jumped: true }, 'jump']
  return [watch, paused && stuckMs >= PLAY_MS ? 'play' : 'none']
}

/** Where a picture that stands can go on: what is buffered beyond a hole, else the live edge. */
export function aheadOf(
  position: number,
  buffered: { start: number; end: number }[],
  edge: number | undefined,
): number | undefined {
  const next = buffered.find(({ start }) => start > position)
  if (next) return next.start + INTO_THE_BUFFER_S
  return edge !== undefined && edge > position + SHORTEST_JUMP_S ? edge : undefined
}

/** Playing goes with the clock; a seek, or a nudge that hls.js gives a playhead that is stuck, does not. */
function moves(last: Sight, sight: Sight): boolean {
  const elapsed = (sight.now - last.now) / 1000
  const advance = sight.position - last.position
  const shown = sight.frames === undefined || last.frames === undefined || sight.frames !== last.frames
  return shown && advance > 0.25 * elapsed && advance < 3 * elapsed + 0.5
}
