import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Publisher } from '../ingest/rtmp-stat.ts'
import type { Source } from '../ladder/ladder-plan.ts'

type Dependencies = {
  /** The publisher as nginx-rtmp sees it now. */
  look: () => Promise<Publisher | undefined>
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

/** Waits until nginx-rtmp knows the size of a publisher's picture; `undefined` when `signal` aborts first. */
export async function probeSource({ look, pictureless, signal }: Dependencies): Promise<Source | undefined> {
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
    if (publisher.audio || performance.now() - pictureSince >= AUDIO_LATE_MS)
      return {
        ...publisher.video,
        frameRate: wholeFrameRate(publisher.video.frameRate),
        audio: publisher.audio,
      }
  }
}

/** Frames must fill segments without a rest, so 29.97 becomes 30; what names none, or nonsense, gets the usual. */
export function wholeFrameRate(told: number): number {
  return told >= 1 && told <= 1000 ? Math.min(Math.round(told), HIGHEST_FRAME_RATE) : USUAL_FRAME_RATE
}
