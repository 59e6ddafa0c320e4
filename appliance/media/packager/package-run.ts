import { addFragment, type Cut, type Fragment, type Grid } from './segmenter.ts'
import { type Init, readTrack } from './track-reader.ts'

export type Track = { id: string; kind: 'video' | 'audio' }
/** Why a run cannot go on. */
export type Flaw =
  | 'the clock of the source jumped'
  | 'the source left a hole'
  | 'a segment does not begin with a key frame'
  | 'the picture stopped'
  | 'the sound stopped'
/** The same segment of every track of a run. `tail`: what its encoder had begun when it ended. */
export type SegmentSet = { index: number; tail: boolean; segments: { track: Track; init: Init; cut: Cut }[] }

type Dependencies = {
  tracks: Track[]
  segmentSeconds: number
  /** The first key frame is there: the run has its place on the media clock. */
  born: (phase: number) => void
  publish: (set: SegmentSet) => void
  /** What came cannot go on the run's clock: its encoder must begin a new run. */
  broken: (flaw: Flaw) => void
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number
}

/** Encoded media that is this far ahead of real time comes from a source whose clock jumped. */
const LARGEST_LEAD_SECONDS = 3
/** A segment that waits longer than so many others take for one of its tracks waits in vain. */
const LONGEST_WAIT_SEGMENTS = 3
/** Audio that waits for the first key frame, about 10 s of it. */
const LONGEST_QUEUE = 500

/**
 * One start of the encoder: fragments of all tracks go in, sets of segments come out, in order and without holes.
 * A set leaves when its last track has closed it, so all tracks have the same numbers, also when the encoder is killed.
 */
export function packageRun({
  tracks,
  segmentSeconds,
  born,
  publish,
  broken,
  now = monotonicMs,
}: Dependencies) {
  const lanes = tracks.map((track) => {
    const reader = readTrack((fragment) => arrive(lane, fragment))
    const lane: Lane = { track, reader, queue: [], open: undefined, closed: [] }
    return lane
  })
  let grid: Grid | undefined
  let bornAt = 0
  let nextIndex = 0
  let waitingSince: number | undefined
  let over = false

  function arrive(lane: Lane, fragment: Fragment) {
    if (over) return
    if (grid) return cut(lane, fragment, grid)
    lane.queue = [...lane.queue, fragment].slice(-LONGEST_QUEUE)
    if (lane.track.kind === 'video' && fragment.key) begin(fragment.start)
  }

  function begin(phase: number) {
    const laid: Grid = { phase, segmentSeconds }
    grid = laid
    bornAt = now()
    born(phase)
    for (const lane of lanes) for (const fragment of lane.queue.splice(0)) cut(lane, fragment, laid)
  }

  function cut(lane: Lane, fragment: Fragment, laid: Grid) {
    const { open, closed } = addFragment(lane.open, fragment, laid)
    lane.open = open
    lane.closed.push(...closed)
    const flaw = flawOf(closed, lane.track) ?? jumpOf(fragment, laid, (now() - bornAt) / 1000)
    if (flaw) return stop(flaw)
    publishWhole()
    if (waitsInVain()) stop(missingIn(lanes))
  }

  /** By our clock, not by what waits: after a pause of ours the tracks come one after the other, with much of each. */
  function waitsInVain() {
    if (over || lanes.every(({ closed }) => closed.length === 0)) return false
    waitingSince ??= now()
    return now() - waitingSince > LONGEST_WAIT_SEGMENTS * segmentSeconds * 1000
  }

  function publishWhole(tail = false) {
    while (!over && lanes.every((lane) => lane.closed.length > 0)) {
      const segments = lanes.flatMap(({ track, reader, closed }) => {
        const [init, first] = [reader.init(), closed.shift()]
        return init && first ? [{ track, init, cut: first }] : []
      })
      if (segments.some((segment) => segment.cut.index !== nextIndex)) return stop('the source left a hole')
      waitingSince = undefined
      publish({ index: nextIndex++, tail, segments })
    }
  }

  function stop(flaw: Flaw) {
    over = true
    broken(flaw)
  }

  return {
    read: (track: number, chunk: Buffer) => lanes[track]?.reader.read(chunk),
    /** The encoder is gone: what it had begun is published as the last, shorter segment, if every track has some of it. */
    finish() {
      for (const lane of lanes) if (lane.open) lane.closed.push(lane.open)
      publishWhole(true)
      over = true
    },
  }
}

export type Run = ReturnType<typeof packageRun>

type Lane = {
  track: Track
  reader: ReturnType<typeof readTrack>
  queue: Fragment[]
  open: Cut | undefined
  closed: Cut[]
}

/** Every segment must be playable by itself. */
function flawOf(closed: Cut[], { kind }: Track): Flaw | undefined {
  const flawed = kind === 'video' && closed.some(({ fragments }) => !fragments[0]?.key)
  return flawed ? 'a segment does not begin with a key frame' : undefined
}

function jumpOf({ start, duration }: Fragment, { phase }: Grid, elapsedSeconds: number): Flaw | undefined {
  const lead = start + duration - phase - elapsedSeconds
  return lead > LARGEST_LEAD_SECONDS ? 'the clock of the source jumped' : undefined
}

function missingIn(lanes: Lane[]): Flaw {
  const pictureless = lanes.some(({ track, closed }) => track.kind === 'video' && closed.length === 0)
  return pictureless ? 'the picture stopped' : 'the sound stopped'
}

function monotonicMs() {
  return performance.now()
}
