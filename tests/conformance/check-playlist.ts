import type { Playlist, Segment } from './parse-playlist.ts'

/** Texts carry five digits of a duration and milliseconds of a time. */
const ROUNDING = 0.00002
const FRAME_SECONDS = 1 / 24

/** What RFC 8216bis does not allow in one playlist. Each fault names its rule. */
export function faultsOf(playlist: Playlist): string[] {
  const { targetDuration, partTarget, control, segments, growing, hint, ended, version, skipped } = playlist
  const all = growing ? [...segments, growing] : segments
  return [
    ...(version >= 6 || !skipped ? [] : ['4.4.5.2: EXT-X-SKIP needs version 9']),
    ...segments.flatMap((segment) => [
      ...(Math.round(segment.duration) <= targetDuration
        ? []
        : [
            `4.4.3.1: segment ${segment.number} lasts ${segment.duration} s, the target is ${targetDuration} s`,
          ]),
      ...(segment.duration > 0 ? [] : [`segment ${segment.number} has no duration`]),
      ...sumFault(segment),
    ]),
    ...all.flatMap((segment) => (segment.map ? [] : [`4.4.4.5: segment ${segment.number} has no map`])),
    ...all.flatMap((segment) => (Number.isNaN(segment.at) ? [`segment ${segment.number} has no date`] : [])),
    ...all.flatMap((segment, at) => dateFault(all[at - 1], segment)),
    ...(partTarget === undefined ? [] : lowLatencyFaults(playlist, partTarget)),
    ...(ended && (hint || growing) ? ['an ended playlist promises more'] : []),
    ...(control['CAN-SKIP-UNTIL'] && Number(control['CAN-SKIP-UNTIL']) < 6 * targetDuration
      ? ['4.4.3.8: the skip boundary is less than six target durations']
      : []),
  ]
}

function lowLatencyFaults({ control, segments, growing, hint, ended }: Playlist, target: number): string[] {
  const all = growing ? [...segments, growing] : segments
  const parts = all.flatMap((segment) =>
    segment.parts.map((part, at) => ({
      ...part,
      last: segment.uri !== '' && at === segment.parts.length - 1,
    })),
  )
  return [
    ...parts.flatMap(({ uri, duration, last }) => [
      ...(duration <= target + ROUNDING
        ? []
        : [`4.4.4.9: part ${uri} lasts ${duration} s, the target is ${target} s`]),
      // The last one of all may be the last of its segment too: an encoder that died leaves it so.
      ...(last || uri === parts.at(-1)?.uri || duration >= 0.85 * target - ROUNDING
        ? []
        : [`4.4.3.7: part ${uri} lasts ${duration} s, less than 85 % of ${target} s`]),
    ]),
    ...(Number(control['PART-HOLD-BACK']) >= 3 * target - 0.001
      ? []
      : ['4.4.3.8: PART-HOLD-BACK is less than three part targets']),
    ...(control['CAN-BLOCK-RELOAD'] === 'YES' || ended
      ? []
      : ['4.4.3.8: low latency without blocking reloads']),
    ...all.flatMap((segment) =>
      segment.parts[0] && !segment.parts[0].independent
        ? [`segment ${segment.number} begins with a dependent part`]
        : [],
    ),
    ...(hint && parts.some(({ uri }) => uri === hint)
      ? ['4.4.5.3: the hint names a part that is there']
      : []),
  ]
}

function sumFault({ number, duration, parts }: Segment): string[] {
  if (!parts.length) return []
  const sum = parts.reduce((total, part) => total + part.duration, 0)
  return Math.abs(sum - duration) < ROUNDING * (parts.length + 1)
    ? []
    : [`segment ${number} lasts ${duration} s, its parts ${sum} s`]
}

function dateFault(previous: Segment | undefined, segment: Segment): string[] {
  if (!previous) return []
  const late = (segment.at - previous.at) / 1000 - previous.duration
  if (previous.discontinuity !== segment.discontinuity)
    return late > -FRAME_SECONDS
      ? []
      : [`the date of segment ${segment.number} goes back over a discontinuity`]
  return Math.abs(late) <= FRAME_SECONDS ? [] : [`the date of segment ${segment.number} is ${late} s off`]
}

/** What may not have happened between two looks at the playlist of one track. */
export function changesOf(before: Playlist, after: Playlist): string[] {
  const old = new Map(before.segments.map((segment) => [segment.number, segment]))
  const last = before.segments.at(-1)?.number ?? -1
  return [
    ...(after.targetDuration === before.targetDuration ? [] : ['6.2.1: the target duration changed']),
    ...(after.mediaSequence >= before.mediaSequence ? [] : ['6.2.2: the media sequence went back']),
    ...(after.discontinuitySequence >= before.discontinuitySequence
      ? []
      : ['6.2.2: the discontinuity sequence went back']),
    ...((after.segments.at(-1)?.number ?? -1) >= last
      ? []
      : ['a segment that was there is gone from the end']),
    ...(after.mediaSequence <= last + 1 || last < 0
      ? []
      : [`segments ${last + 1} to ${after.mediaSequence - 1} were never seen`]),
    ...after.segments.flatMap((segment) => changeFault(old.get(segment.number), segment)),
    ...growthFault(before.growing, [...after.segments, ...(after.growing ? [after.growing] : [])]),
    ...(before.ended && !after.ended ? ['an ended playlist went on'] : []),
  ]
}

function changeFault(before: Segment | undefined, after: Segment): string[] {
  if (!before) return []
  const keys = ['uri', 'duration', 'at', 'map', 'discontinuity'] as const
  return keys.flatMap((key) =>
    before[key] === after[key]
      ? []
      : [`${key} of segment ${after.number} was ${before[key]}, is ${after[key]}`],
  )
}

/** Parts that were told of stay, in their order. */
function growthFault(before: Segment | undefined, after: Segment[]): string[] {
  const now = before && after.find(({ number }) => number === before.number)
  if (!before || !now?.parts.length) return []
  return before.parts.flatMap((part, at) =>
    now.parts[at]?.uri === part.uri && now.parts[at]?.duration === part.duration
      ? []
      : [`part ${part.uri} is gone from segment ${before.number}`],
  )
}
