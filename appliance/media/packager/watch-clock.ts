export type ClockFlaw = 'the clock of the source jumped' | 'the clock of the source drifted'

/** Encoded media that is this far ahead of real time comes from a source whose clock jumped. */
const LARGEST_LEAD_SECONDS = 3
/**
 * Who plays by the clock (DASH) has less to spare than a jump. Not one part: a line that others use too holds back half a second and
 * more for minutes, which looks the same.
 */
const LARGEST_DRIFT_SECONDS = 1
/** Whoever sends or encodes by fits and starts catches up within this. */
const WINDOW_SECONDS = 10

/**
 * Holds the clock of a source against ours, from when its first frame came: now, or so long ago. It is told how much media
 * there is up to each frame that comes, and says when that can go on no more.
 */
export function watchClock(now: () => number, agoMs = 0): (mediaSeconds: number) => ClockFlaw | undefined {
  const [since, driftOf] = [now() - agoMs, measureDrift()]
  return (mediaSeconds) => {
    const elapsed = (now() - since) / 1000
    const lead = mediaSeconds - elapsed
    if (lead > LARGEST_LEAD_SECONDS) return 'the clock of the source jumped'
    const drifted = Math.abs(driftOf(lead, elapsed)) > LARGEST_DRIFT_SECONDS
    return drifted ? 'the clock of the source drifted' : undefined
  }
}

/**
 * How far a clock has run away since its first seconds, by how much each frame's media time is ahead of the time passed: lines
 * and encoders only ever delay, so the earliest frames tell of the clock.
 */
function measureDrift(): (leadSeconds: number, elapsedSeconds: number) => number {
  let [before, present] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let windowEnd = WINDOW_SECONDS
  let reference: number | undefined
  let drift = 0

  /** Two windows count: after a silence one of them may hold nothing but a late frame. */
  function closeWindow() {
    const earliest = Math.max(before, present)
    if (before > Number.NEGATIVE_INFINITY) {
      reference ??= earliest
      drift = earliest - reference
    }
    before = present
    present = Number.NEGATIVE_INFINITY
  }

  return (leadSeconds, elapsedSeconds) => {
    if (elapsedSeconds >= windowEnd) {
      closeWindow()
      windowEnd = elapsedSeconds + WINDOW_SECONDS
    }
    present = Math.max(present, leadSeconds)
    return drift
  }
}
