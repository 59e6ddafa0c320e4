import type { LivePlace } from './media-playlist.ts'

/** What a player asks to wait for, RFC 8216bis, 6.2.5.2: a segment, or a part of one. */
export type Awaited = { msn: number; part: number | undefined }

/** Whether a playlist that stands at `place` answers what is awaited. `too-far`: nobody may wait for that. */
export function judgeAwaited(
  { msn, part }: Awaited,
  place: LivePlace,
  partTarget: number,
): 'there' | 'wait' | 'too-far' {
  const { closed, closedParts, growingParts } = place
  const growing = closed + 1
  if (msn > closed + 2 || partsAhead() > advanceLimit(partTarget)) return 'too-far'
  if (part === undefined) return msn <= closed ? 'there' : 'wait'
  // The part after a segment's last is the first of the next: hls.js asks so, and stops loading parts if it is answered at once.
  const wanted = msn === closed && part >= closedParts ? { msn: growing, part: 0 } : { msn, part }
  if (wanted.msn < growing) return 'there'
  return wanted.msn === growing && wanted.part < growingParts ? 'there' : 'wait'

  function partsAhead() {
    if (part === undefined || msn < closed) return 0
    const present = msn === closed ? closedParts : msn === growing ? growingParts : 0
    return part - (present - 1)
  }
}

/**
 * How long a player may be kept waiting. hls.js gives up after three parts or 0.8 of the target duration, whichever is more,
 * and then takes the whole pathway for broken: what it has asked for must have been answered by then, as it is.
 */
export function longestWaitMs({
  partTarget,
  targetDuration,
}: {
  partTarget: number
  targetDuration: number
}): number {
  return Math.min(2000, 800 * Math.max(3 * partTarget, 0.8 * targetDuration))
}

/** RFC 8216bis, 6.2.5.2. */
function advanceLimit(partTarget: number) {
  return partTarget > 0 && partTarget < 1 ? Math.ceil(3 / partTarget) : 3
}
