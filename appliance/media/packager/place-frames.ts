import type { Fragment } from './part-grid.ts'

/** Why the frames of a source cannot be shown as they are beside those that are encoded. */
export const FRAME_FLAWS = [
  'a frame of the source is missing',
  'the source sends more frames than it says',
  'the source sends its frames in another order than they are shown',
  'the source sends another picture than it began with',
] as const
export type FrameFlaw = (typeof FRAME_FLAWS)[number]

/** Of a frame. RTMP's whole milliseconds shift one of sixty a second by a sixteenth of its length. */
const HALF = 0.5

/**
 * Puts the frames of a source, one per fragment, where the encoder puts those that it makes of them: on whole frames of
 * the media clock. The first one goes to the nearest, and each of the others must be the one that comes next.
 */
export function placeFrames(
  frameRate: number,
): (fragment: Fragment, timescale: number) => Fragment | FrameFlaw {
  let first: { at: number; number: number; parameters: Buffer } | undefined
  let count = 0

  return (fragment, timescale) => {
    const [sample] = fragment.samples
    if (sample?.compositionOffset !== 0)
      return 'the source sends its frames in another order than they are shown'
    const at = (fragment.tick * frameRate) / timescale
    first ??= { at, number: Math.round(at), parameters: parametersOf(fragment.data) }
    if (fragment.key && !parametersOf(fragment.data).equals(first.parameters))
      return 'the source sends another picture than it began with'
    const late = at - first.at - count
    if (late >= HALF) return 'a frame of the source is missing'
    if (late <= -HALF) return 'the source sends more frames than it says'
    const tickOf = (number: number) => Math.round((number * timescale) / frameRate)
    const tick = tickOf(first.number + count)
    const duration = tickOf(first.number + ++count) - tick
    return {
      ...fragment,
      tick,
      start: tick / timescale,
      duration: duration / timescale,
      samples: [{ ...sample, duration }],
    }
  }
}

const SEQUENCE_PARAMETERS = 7

/** Size, profile and colours, as they stand before each key frame: units of H.264, each behind its length. */
function parametersOf(frame: Buffer): Buffer {
  const found: Buffer[] = []
  for (let at = 0; at + 4 < frame.length; ) {
    const end = at + 4 + frame.readUInt32BE(at)
    if ((frame.readUInt8(at + 4) & 0x1f) === SEQUENCE_PARAMETERS) found.push(frame.subarray(at + 4, end))
    at = end
  }
  return Buffer.concat(found)
}
