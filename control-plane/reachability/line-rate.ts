/** So many bytes had come by then, in milliseconds since the first were asked for. */
export type Arrived = { at: number; bytes: number }

/** A connection begins slowly: what came while it gathered pace says little of the line, if more came after it. */
const PACE_MS = 500

/** Bits per second, of what came in that time. */
export function rateOf(arrived: Arrived[], milliseconds: number): number {
  const paced = milliseconds >= 2 * PACE_MS ? arrived.findLast(({ at }) => at <= PACE_MS) : undefined
  const from = paced ?? { at: 0, bytes: 0 }
  const last = arrived.at(-1) ?? from
  // Silence at the end is a part of the answer.
  const duration = Math.max(1, (last.bytes === from.bytes ? milliseconds : last.at) - from.at)
  return Math.round(((last.bytes - from.bytes) * 8000) / duration)
}
