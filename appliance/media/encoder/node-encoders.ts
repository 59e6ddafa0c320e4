import { availableParallelism } from 'node:os'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { budgetOf, roomFor, sparePixels } from '../ladder/encoding-budget.ts'
import type { Rung } from '../ladder/ladder-plan.ts'
import { keepBox } from './keep-box.ts'
import { measureBox } from './measure-box.ts'
import { type EncoderOrder, runEncoder } from './run-encoder.ts'
import { runReports } from './run-reports.ts'
import { throttling } from './throttling.ts'
import type { VideoEncoder } from './video-encoders.ts'

type Encoded = { name: string; rungs: Rung[] }

type Dependencies = {
  /** Where it is kept what the machine can encode. */
  boxPath: string
  /** What is encoded now; no rungs for a stream that only begins. */
  encoded: () => Encoded[]
  log: Log
}

/** All encoders of this node, and what they can do together. */
export function nodeEncoders({ boxPath, encoded, log }: Dependencies) {
  const kept = keepBox({ path: boxPath, measure: (machine) => measureBox(machine), log })
  const failed = new Set<VideoEncoder>()
  const reports = runReports()
  const whole = () => budgetOf(kept.box(), availableParallelism(), failed)

  return {
    encode: (order: EncoderOrder) => runEncoder({ ...order, command: ['ffmpeg'], reports, log }),
    /** What is left for a stream beside the others. */
    budget(stream: string) {
      const others = encoded().filter(({ name }) => name !== stream)
      const pixelsPerSecond = sparePixels(
        whole(),
        others.map(({ rungs }) => rungs),
      )
      return { ...whole(), pixelsPerSecond }
    },
    distrust: (encoder: VideoEncoder) => void failed.add(encoder),
    throttled: throttling,
    /** Why this node takes no further stream beside so many; undefined if it does. */
    full(streams: number): string | undefined {
      const present = encoded().map(({ rungs }) => rungs)
      const beginning = Array<Rung[]>(Math.max(0, streams - present.length)).fill([])
      return roomFor(whole(), [...present, ...beginning])
    },
    /** The last runs of a stream's encoder, the latest last. */
    runs: reports.of,
    box: kept.box,
    measureWhen: kept.measureWhen,
    /** Measures the machine anew, and trusts again what it finds to work. */
    async remeasure() {
      const box = await kept.remeasure()
      failed.clear()
      return box
    },
  }
}
