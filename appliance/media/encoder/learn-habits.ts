import type { SourceFrame } from '../ingest/read-source.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import { isOf, PROVED_AGAIN_SECONDS, PROVED_SECONDS, type SourceHabits } from '../ladder/source-habits.ts'
import { placeFrames } from '../packager/place-frames.ts'

type Dependencies = {
  source: Source
  /** What is known of it so far. */
  known: SourceHabits | undefined
  /** Told when it has proved itself, and when it no longer keeps to its habits. */
  learned: (habits: SourceHabits) => void
}

/** What was seen since a first key frame, in frames and bytes: by now, and up to the last key frame. */
type Seen = {
  place: ReturnType<typeof placeFrames>
  frames: number
  bytes: number
  whole: { frames: number; bytes: number }
  keyFrameEvery: number | undefined
}

/** Sees the frames of a source on their way to one run of its encoder, and learns how it sends them. */
export function learnHabits({ source, learned, ...dependencies }: Dependencies) {
  let known = dependencies.known && isOf(dependencies.known, source) ? dependencies.known : undefined
  let seen: Seen | undefined
  let codecs: string | undefined
  let told = 0

  function see({ frame, ...coded }: SourceFrame) {
    codecs = coded.codecs
    if (!(seen || frame.key)) return
    const now = seen ?? {
      place: placeFrames(source.frameRate),
      ...{ frames: 0, bytes: 0, whole: { frames: 0, bytes: 0 }, keyFrameEvery: undefined },
    }
    const placed = now.place(frame, MILLISECONDS)
    if (typeof placed === 'string') return failed(placed)
    if (frame.key && now.frames > 0) {
      const distance = now.frames - now.whole.frames
      if (distance !== (now.keyFrameEvery ?? distance)) return failed(UNEVEN)
      now.keyFrameEvery = distance
      now.whole = { frames: now.frames, bytes: now.bytes }
    }
    now.frames += 1
    now.bytes += frame.data.length
    seen = now
    if (frame.key) tellWhatIsProved()
  }

  function tellWhatIsProved() {
    const habits = habitsNow()
    const before = known?.keyFrameEvery === habits?.keyFrameEvery ? proofOf(known) : 0
    if (!habits || proofOf(habits) <= Math.max(told, before)) return
    told = proofOf(habits)
    learned(habits)
  }

  /** What was known before counts when it was the same. */
  function habitsNow(): SourceHabits | undefined {
    if (!seen?.keyFrameEvery || !codecs) return undefined
    const { keyFrameEvery, whole } = seen
    const { width, height, frameRate, audio } = source
    const seconds = whole.frames / frameRate
    const before = known?.keyFrameEvery === keyFrameEvery ? known.steadySeconds : 0
    return {
      ...{ width, height, frameRate, audio, codecs, keyFrameEvery },
      bitsPerSecond: (whole.bytes * 8) / seconds,
      steadySeconds: before + seconds,
      flaw: known?.flaw,
    }
  }

  /** It begins anew with its next key frame. Who was never good is not told to be bad at every frame. */
  function failed(flaw: string) {
    const habits = habitsNow() ?? known
    const isNews = told > 0 || known?.steadySeconds !== 0
    seen = undefined
    told = 0
    if (!habits || !isNews) return
    known = { ...habits, steadySeconds: 0, flaw }
    learned(known)
  }

  return {
    see,
    /** It does not fit into a run in which it is shown as it is. */
    failed,
    /** The run is over. Of a short one there is nothing to tell. */
    finish() {
      const habits = habitsNow()
      if (habits && (seen?.whole.frames ?? 0) >= PROVED_SECONDS * source.frameRate) learned(habits)
    },
  }
}

const MILLISECONDS = 1000

/** What it has proved, in seconds. */
function proofOf(habits: SourceHabits | undefined): number {
  const steadySeconds = habits?.steadySeconds ?? 0
  return [PROVED_AGAIN_SECONDS, PROVED_SECONDS].find((each) => steadySeconds >= each) ?? 0
}

const UNEVEN = 'the key frames of the source are not evenly spaced'
