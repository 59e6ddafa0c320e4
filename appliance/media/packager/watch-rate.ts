import type { Fragment } from './part-grid.ts'

/** As long as a source proves itself for: what it sends more in one moment, it must save in another. */
const AHEAD_SECONDS = 10

export const RATE_FLAW = 'the source sends more than its rendition may have'

/** Says when the frames of a source have brought so much more than their rate that nobody should be given it. */
export function watchRate(
  mostBitsPerSecond: number,
): (frame: Pick<Fragment, 'data' | 'duration'>) => typeof RATE_FLAW | undefined {
  let aheadBits = 0
  return ({ data, duration }) => {
    aheadBits = Math.max(0, aheadBits + 8 * data.length - duration * mostBitsPerSecond)
    return aheadBits > AHEAD_SECONDS * mostBitsPerSecond ? RATE_FLAW : undefined
  }
}
