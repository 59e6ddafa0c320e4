import { isDeepStrictEqual } from 'node:util'
import { isPlayedEverywhere } from '../ladder/source-habits.ts'
import type { Fragment } from './part-grid.ts'

/** Why the frames of a source cannot be shown as they are beside those that are encoded. */
export const FRAME_FLAWS = [
  'a frame of the source is missing',
  'the source sends more frames than it says',
  'the source sends its frames in another order than they are shown',
  'the source sends another picture than it began with',
  'the source sends a picture that some players do not show',
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
  let first: { at: number; number: number; parameters: Buffer[] } | undefined
  let count = 0

  return (fragment, timescale) => {
    const [sample] = fragment.samples
    if (sample?.compositionOffset !== 0)
      return 'the source sends its frames in another order than they are shown'
    const at = (fragment.tick * frameRate) / timescale
    const parameters = fragment.key || !first ? parametersOf(fragment.data) : []
    first ??= { at, number: Math.round(at), parameters }
    // Some sources repeat them only before some key frames.
    if (first.parameters.length === 0) first.parameters = parameters
    if (parameters.length > 0 && !isDeepStrictEqual(parameters, first.parameters))
      return 'the source sends another picture than it began with'
    if (!parameters.every((each) => isPlayedEverywhere(codecsOf(each))))
      return 'the source sends a picture that some players do not show'
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
function parametersOf(frame: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 4 < frame.length; ) {
    const end = at + 4 + frame.readUInt32BE(at)
    const isSought = (frame.readUInt8(at + 4) & 0x1f) === SEQUENCE_PARAMETERS
    if (isSought) found.push(Buffer.from(frame.subarray(at + 4, end))) // kept longer than the frame
    at = end
  }
  return found
}

/** As RFC 6381 writes it: players go by this, whatever a publisher says of it elsewhere. */
function codecsOf(parameters: Buffer): string {
  return `avc1.${parameters.toString('hex', 1, 4)}`
}
