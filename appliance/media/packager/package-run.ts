import { isPlayedEverywhere } from '../ladder/source-habits.ts'
import {
  addFragment,
  type Cut,
  type Fragment,
  type Grid,
  leadSecondsOf,
  partsPerSegment,
  slotAt,
} from './part-grid.ts'
import { FRAME_FLAWS, placeFrames } from './place-frames.ts'
import { type Init, readTrack } from './track-reader.ts'
import { type ClockFlaw, watchClock } from './watch-clock.ts'
import { RATE_FLAW, watchRate } from './watch-rate.ts'

export type Track = {
  id: string
  kind: 'video' | 'audio'
  /** Of the source's own picture, shown as it comes. */
  copied?: { frameRate: number; mostBitsPerSecond: number } | undefined
}
/** Why a source cannot be shown as it is any more. */
const COPY_FLAWS = [
  ...FRAME_FLAWS,
  RATE_FLAW,
  'the key frames of the source do not fall on segments any more',
  'the source does not begin with the frame that is encoded first',
] as const
type CopyFlaw = (typeof COPY_FLAWS)[number]
/** Why a run cannot go on. */
export type Flaw =
  | CopyFlaw
  | ClockFlaw
  | 'the source left a hole'
  | 'a segment does not begin with a key frame'
  | 'the picture stopped'
  | 'the sound stopped'
/** The same part of every track of a run. `segment` is its segment's k on the grid, `closes` whether it is that segment's last. */
export type PartSet = {
  segment: number
  closes: boolean
  parts: { track: Track; init: Init; fragments: Fragment[] }[]
}
export type RunClock = {
  segmentSeconds: number
  partSeconds: number
  /** How much of the first segment lies before its first key frame. */
  leadSeconds?: number | undefined
}

type Dependencies = {
  tracks: Track[]
  clock: RunClock
  /** The first key frame is there, and came to this node so long ago: the run has its place on the media clock. */
  born: (place: { phase: number; firstKeyFrame: number; agoMs: number }) => void
  publish: (set: PartSet) => void
  /** The encoder is gone: the open segment ends where it is. */
  ended: () => void
  /** What came cannot go on the run's clock: its encoder must begin a new run. */
  broken: (flaw: Flaw) => void
  /** How long ago its first picture came, in milliseconds, if that was before it had an encoder. */
  heldMs?: (() => number) | undefined
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number
}

/** A part that waits longer than so many segments take for one of its tracks waits in vain. */
const LONGEST_WAIT_SEGMENTS = 3
/** Audio that waits for the first key frame, about 10 s of it. */
const LONGEST_QUEUE = 500

/**
 * One start of the encoder: fragments of all tracks go in, sets of parts come out, in order and without holes.
 * A set leaves when its last track has closed it, so all tracks have the same parts, also when the encoder is killed.
 */
export function packageRun(dependencies: Dependencies) {
  const { tracks, clock, born, publish, ended, broken, heldMs = none, now = monotonicMs } = dependencies
  const lanes = tracks.map((track) => {
    const reader = readFrames(track, (fragment) => arrive(lane, fragment), stop)
    const lane: Lane = { track, reader, queue: [], open: undefined, closed: [], begun: false }
    return lane
  })
  const perSegment = partsPerSegment(clock)
  let grid: Grid | undefined
  let flawOf: ReturnType<typeof watchFlaws> | undefined
  let nextSlot = 0
  let waitingSince: number | undefined
  let over = false

  function arrive(lane: Lane, fragment: Fragment) {
    if (over) return
    if (grid) return cut(lane, fragment, grid)
    lane.queue = [...lane.queue, fragment].slice(-LONGEST_QUEUE)
    // Before zero there is no time in an MP4. ffmpeg counts so what comes in the last minute before a source's clock wraps.
    if (lane.track.kind === 'video' && fragment.key && fragment.start >= 0) begin(fragment.start)
  }

  function begin(firstKeyFrame: number) {
    const laid: Grid = { ...clock, phase: firstKeyFrame - (clock.leadSeconds ?? leadSecondsOf(clock)) }
    grid = laid
    flawOf = watchFlaws({ tracks, grid: laid, firstKeyFrame, agoMs: heldMs(), now })
    nextSlot = slotAt(firstKeyFrame, laid)
    born({ phase: laid.phase, firstKeyFrame, agoMs: heldMs() })
    for (const lane of lanes) for (const fragment of lane.queue.splice(0)) cut(lane, fragment, laid)
  }

  function cut(lane: Lane, fragment: Fragment, laid: Grid) {
    // Sound from before the first key frame, or a hair before zero, or a clock that runs back.
    if (over || fragment.tick < 0 || slotAt(fragment.start, laid) < nextSlot) return
    const { open, closed } = addFragment(lane.open, fragment, laid)
    lane.open = open
    lane.closed.push(...closed)
    const flaw = flawOf?.(lane, fragment, closed)
    lane.begun = true
    if (flaw) return stop(flaw)
    publishWhole()
    if (waitsInVain()) stop(missingIn(lanes))
  }

  /** By our clock, not by what waits: after a pause of ours the tracks come one after the other, with much of each. */
  function waitsInVain() {
    if (over || lanes.every(({ closed }) => closed.length === 0)) return false
    waitingSince ??= now()
    return now() - waitingSince > LONGEST_WAIT_SEGMENTS * clock.segmentSeconds * 1000
  }

  function publishWhole() {
    while (!over && lanes.every((lane) => lane.closed.length > 0)) {
      const cuts = lanes.flatMap(({ track, reader, closed }) => {
        const [init, first] = [reader.init(), closed.shift()]
        return init && first ? [{ track, init, ...first }] : []
      })
      if (cuts.some(({ slot }) => slot !== nextSlot)) return stop('the source left a hole')
      waitingSince = undefined
      const slot = nextSlot++
      publish({
        segment: Math.floor(slot / perSegment),
        closes: slot % perSegment === perSegment - 1,
        parts: cuts.map(({ track, init, fragments }) => ({ track, init, fragments })),
      })
    }
  }

  function stop(flaw: Flaw) {
    if (over) return
    over = true
    broken(flaw)
  }

  return {
    read: (track: number, chunk: Buffer) => lanes[track]?.reader.read(chunk),
    /** The encoder is gone: what it had begun is published as a last, shorter part, if every track has some of it. */
    finish() {
      closeTogether(lanes)
      publishWhole()
      over = true
      if (grid) ended()
    },
  }
}

export function isCopyFlaw(flaw: Flaw): flaw is CopyFlaw {
  return COPY_FLAWS.some((each) => each === flaw)
}

export type Run = ReturnType<typeof packageRun>

type Lane = {
  track: Track
  reader: ReturnType<typeof readTrack>
  queue: Fragment[]
  open: Cut | undefined
  closed: Cut[]
  begun: boolean
}

/** Frames that are copied are put where those that are encoded are. */
function readFrames(
  { copied }: Track,
  take: (fragment: Fragment) => void,
  stop: (flaw: Flaw) => void,
): ReturnType<typeof readTrack> {
  if (!copied) return readTrack(take)
  const place = placeFrames(copied.frameRate)
  const rateFlawOf = watchRate(copied.mostBitsPerSecond)
  const reader = readTrack((fragment) => {
    const { timescale = 1, codecs = '' } = reader.init() ?? {}
    if (!isPlayedEverywhere(codecs)) return stop('the source sends a picture that some players do not show')
    const placed = place(fragment, timescale)
    if (typeof placed === 'string') return stop(placed)
    const flaw = rateFlawOf(placed)
    if (flaw) stop(flaw)
    else take(placed)
  })
  return reader
}

type Watched = { tracks: Track[]; grid: Grid; firstKeyFrame: number; agoMs: number; now: () => number }

/** Says why a run cannot go on after a fragment of a track, and the parts that it closed. */
function watchFlaws({ tracks, grid, firstKeyFrame, agoMs, now }: Watched) {
  const isCopied = tracks.some(({ copied }) => copied)
  const perSegment = partsPerSegment(grid)
  const clockFlawOf = watchClock(now, agoMs)
  return (lane: Lane, fragment: Fragment, closed: Cut[]): Flaw | undefined =>
    (isCopied ? beginFlawOf(lane, fragment, firstKeyFrame) : undefined) ??
    keyFlawOf(closed, lane.track, perSegment) ??
    clockFlawOf(endOf(fragment) - firstKeyFrame)
}

/** Copied and encoded pictures must be the same from the first one on. */
function beginFlawOf({ begun, track }: Lane, { start }: Fragment, firstKeyFrame: number): Flaw | undefined {
  const isLate = !begun && track.kind === 'video' && Math.abs(start - firstKeyFrame) > HAIR_SECONDS
  return isLate ? 'the source does not begin with the frame that is encoded first' : undefined
}

/** Every segment must be playable by itself. */
function keyFlawOf(closed: Cut[], { kind, copied }: Track, perSegment: number): Flaw | undefined {
  const flawed = closed.some(({ slot, fragments }) => slot % perSegment === 0 && !fragments[0]?.key)
  if (kind !== 'video' || !flawed) return undefined
  return copied
    ? 'the key frames of the source do not fall on segments any more'
    : 'a segment does not begin with a key frame'
}

/** Sound that goes on after the last picture would make players believe that there is more to see. */
function closeTogether(lanes: Lane[]) {
  const pictureEnd = Math.min(...lanes.filter(({ track }) => track.kind === 'video').map(endOfLane))
  for (const lane of lanes) {
    const left = [...lane.closed, ...(lane.open ? [lane.open] : [])]
    lane.closed = left.flatMap((cut) => untilThen(cut, pictureEnd))
  }
}

function untilThen(cut: Cut, seconds: number): Cut[] {
  const fragments = cut.fragments.filter((fragment) => endOf(fragment) <= seconds + HAIR_SECONDS)
  return fragments.length ? [{ ...cut, fragments }] : []
}

const HAIR_SECONDS = 0.001

function endOfLane({ open, closed }: Lane): number {
  const last = (open ?? closed.at(-1))?.fragments.at(-1)
  return last ? endOf(last) : Number.POSITIVE_INFINITY
}

function endOf({ start, duration }: Fragment): number {
  return start + duration
}

function missingIn(lanes: Lane[]): Flaw {
  const pictureless = lanes.some(({ track, closed }) => track.kind === 'video' && closed.length === 0)
  return pictureless ? 'the picture stopped' : 'the sound stopped'
}

const none = () => 0

function monotonicMs() {
  return performance.now()
}
