export type FleetTime = ReturnType<typeof fleetTime>

/** An answer that was so long on its way says nothing exact. */
const LONGEST_ROUND_TRIP_MS = 1000

/** The control plane's time as its replies tell it, counted on by a clock that nobody sets. Milliseconds. */
export function fleetTime(monotonic: () => number = () => performance.now()) {
  let ahead: number | undefined

  return {
    /** Absent until the control plane has told it. */
    now: () => (ahead === undefined ? undefined : ahead + monotonic()),
    /** To be called when one asks; what is answered, when the reply is there. */
    ask() {
      const askedAt = monotonic()
      return (time: string | undefined) => {
        const roundTrip = monotonic() - askedAt
        if (time === undefined || (ahead !== undefined && roundTrip > LONGEST_ROUND_TRIP_MS)) return
        ahead = Date.parse(time) - askedAt - roundTrip / 2
      }
    },
  }
}
