import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Size } from '../ingest/coded-size.ts'
import type { PublishedVideo, Publisher } from '../ingest/rtmp-stat.ts'
import type { Source } from '../ladder/ladder-plan.ts'

type Dependencies = {
  /** The publisher as nginx-rtmp sees it now. */
  look: () => Promise<Publisher | undefined>
  /** The size of its picture by its own account, once that has come. */
  coded: () => Size | undefined
  /** Told once when a publisher that is there still sends no picture. */
  pictureless: () => void
  signal: AbortSignal
}

const LOOK_EVERY_MS = 100
/** Longer than any picture's first key frame: from now on nobody is kept waiting by a rarer look. */
const PICTURE_LATE_MS = 15_000
const LOOK_LATE_EVERY_MS = 1000
/** Audio's header comes with the picture's, or it does not come. */
const AUDIO_LATE_MS = 1000
const USUAL_FRAME_RATE = 30
const HIGHEST_FRAME_RATE = 60
/** nginx-rtmp cuts off what follows the point of 14.985, 23.976, 29.97, 47.95 and 59.94. Nobody sends these as they are. */
const CUT_RATES = new Set([14, 23, 29, 47, 59])

/** Waits until nginx-rtmp knows the size of a publisher's picture; `undefined` when `signal` aborts first. */
export async function probeSource({
  look,
  coded,
  pictureless,
  signal,
}: Dependencies): Promise<Source | undefined> {
  const since = performance.now()
  let pictureSince: number | undefined
  let late = false
  for (; !signal.aborted; await sleep(late ? LOOK_LATE_EVERY_MS : LOOK_EVERY_MS, signal)) {
    // Who holds publishers against what nginx-rtmp lists tells when it does not answer.
    const publisher = await look().catch(() => undefined)
    if (publisher && !publisher.video && !late && performance.now() - since >= PICTURE_LATE_MS) {
      late = true
      pictureless()
    }
    if (!publisher?.video) continue
    pictureSince ??= performance.now()
    const waited = performance.now() - pictureSince
    const size = sizeOf(publisher.video, coded(), waited)
    if (size && (publisher.audio || waited >= AUDIO_LATE_MS))
      return {
        ...size,
        frameRate: wholeFrameRate(publisher.video.frameRate),
        audio: publisher.audio,
        codec: publisher.video.codec,
      }
  }
}

/** What is doubtful is better than nothing, if nothing better comes. */
function sizeOf({ width, height, isDoubtful }: PublishedVideo, coded: Size | undefined, waited: number) {
  return isDoubtful && waited < PICTURE_LATE_MS ? coded : (coded ?? { width, height })
}

/**
 * Frames must fill segments without a rest, and segments must end together in all copies of a stream, so 29.97 becomes 30:
 * one frame in 33 s is shown twice. What names no rate, or nonsense, gets the usual.
 */
export function wholeFrameRate(told: number): number {
  if (!(told >= 1 && told <= 1000)) return USUAL_FRAME_RATE
  const rate = Math.round(told)
  return Math.min(CUT_RATES.has(rate) ? rate + 1 : rate, HIGHEST_FRAME_RATE)
}
