/** `late`: the next beat should have come · `left`: given back in an orderly shutdown. */
export type LeaseState = 'holds' | 'late' | 'gone' | 'left'

/** The share of a lease after which two beats were missed at the usual rhythm. */
const LATE = 0.6

export function leaseState({ beatAt, endsAt }: { beatAt: Date; endsAt: Date }, now: Date): LeaseState {
  if (endsAt <= beatAt) return 'left'
  if (now >= endsAt) return 'gone'
  const [age, length] = [now.getTime() - beatAt.getTime(), endsAt.getTime() - beatAt.getTime()]
  return age > LATE * length ? 'late' : 'holds'
}
