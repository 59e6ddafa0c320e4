type Clocks = { wall: () => number; monotonic: () => number }
type Situation = {
  /** Something is being encoded. */
  encoding: boolean
  /** The latest moment that playlists of sessions which may go on have told of. */
  toldUntil: number
}

/** Less is the way of the question, and harms nobody. */
const SMALLEST_CORRECTION_MS = 50

/**
 * Wall time in milliseconds, read once and counted on from there: whoever sets the machine's clock meanwhile moves nothing
 * that players hold on to.
 *
 * The rule of its correction: players compare absolute times (availabilityStartTime and Periods, PROGRAM-DATE-TIME) with
 * `/time`, and a run's times are fixed at its birth. So both are told by this one clock, and it is set right by the fleet's time
 * only while nothing is encoded, and never to before what has been told of a session that may go on.
 */
export function steadyClock(
  { wall, monotonic }: Clocks = { wall: Date.now, monotonic: () => performance.now() },
) {
  let ahead = wall() - monotonic()
  const now = () => ahead + monotonic()

  return {
    now,
    /** Answers by how much it was set right. */
    follow(fleetTime: number, { encoding, toldUntil }: Situation): number {
      const off = fleetTime - now()
      if (encoding || fleetTime < toldUntil || Math.abs(off) < SMALLEST_CORRECTION_MS) return 0
      ahead += off
      return off
    },
    /** The machine's clock may have been set back while no process of ours ran, and the sessions that are found go on. */
    reach(toldUntil: number) {
      ahead += Math.max(0, toldUntil - now())
    },
  }
}
