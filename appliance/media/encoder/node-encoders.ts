import { availableParallelism } from 'node:os'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Rung } from '../ladder/ladder-plan.ts'
import type { Quality } from '../ladder/qualities.ts'
import { type Box, budgetOf, type Expected, type Present, roomFor, sparePixels } from './encoding-budget.ts'
import { keepBox } from './keep-box.ts'
import { measureBox } from './measure-box.ts'
import { type Measurement, measurementOf } from './measurement.ts'
import { type EncoderOrder, runEncoder } from './run-encoder.ts'
import { throttling } from './throttling.ts'
import type { VideoEncoder } from './video-encoders.ts'

type Encoded = { name: string; rungs: Rung[] }

type Dependencies = {
  /** Where it is kept what the machine can encode. */
  boxPath: string
  /** What is encoded now. */
  encoded: () => Encoded[]
  /** The streams that are to be encoded, also those that only begin: until then each keeps its place. */
  expected: () => (Expected & { name: string })[]
  measure?: typeof measureBox
  log: Log
}

/** All encoders of this node, and what they can do together. */
export function nodeEncoders({ boxPath, encoded, expected, measure = measureBox, log }: Dependencies) {
  const kept = keepBox({ path: boxPath, measure: measureAndTrust, log })
  const failed = new Set<VideoEncoder>()

  /** What is found to work is relied on again, whatever happened before. */
  async function measureAndTrust(machine: Box['machine']): Promise<Box> {
    const found = await measure(machine)
    for (const { encoder } of found.speeds) failed.delete(encoder)
    return found
  }

  function present(): { name: string; rungs: Present }[] {
    const now = encoded()
    const beginning = expected().filter(({ name }) => !now.some((each) => each.name === name))
    return [...now, ...beginning.map(({ name, ...order }) => ({ name, rungs: order }))]
  }

  const whole = () => budgetOf(kept.box(), availableParallelism(), failed)

  return {
    encode: (order: EncoderOrder) => runEncoder({ ...order, command: ['ffmpeg'], log }),
    /** What is left for a stream beside the others. */
    budget(stream: string) {
      const others = present().filter(({ name }) => name !== stream)
      const pixelsPerSecond = sparePixels(
        whole(),
        others.map(({ rungs }) => rungs),
      )
      return { ...whole(), pixelsPerSecond }
    },
    distrust: (encoder: VideoEncoder) => void failed.add(encoder),
    throttled: throttling,
    /** Why this node takes no further stream that is ordered so; undefined if it does. */
    full: (qualities?: Quality[]) =>
      roomFor(
        whole(),
        present().map(({ rungs }) => rungs),
        qualities,
      ),
    measureWhen: kept.measureWhen,
    measurement(): Measurement {
      const [isMeasuring, trouble] = [kept.isMeasuring(), kept.trouble()]
      return measurementOf({ box: kept.box(), budget: whole(), failed, isMeasuring, trouble })
    },
    /** Begins to measure the machine anew. Throws the Problem that it cannot now. */
    measureAnew() {
      if (kept.isMeasuring())
        throw new Problem('busy', 'This node is measuring itself: GET /measure tells when it is done.')
      const names = encoded().map(({ name }) => name)
      if (names.length)
        throw new Problem(
          'busy',
          `This node encodes ${names.join(', ')}: beside that it would seem slower than it is. Stop what it encodes, or ask when that is over.`,
        )
      void kept.remeasure().catch((error) => log.error('the machine could not be measured', error))
    },
  }
}
