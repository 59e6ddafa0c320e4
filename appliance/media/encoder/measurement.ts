import * as z from 'zod'
import { type Box, describeBox, describeGuess, type EncodingBudget } from './encoding-budget.ts'
import { VideoEncoder } from './video-encoders.ts'

/** What a node's machine can encode, as it is told to people and programs. */
export const Measurement = z.object({
  state: z.enum(['unmeasured', 'measuring', 'measured']),
  message: z.string().describe('The same in a sentence.'),
  measured_at: z.iso.datetime().nullable(),
  machine: z.object({ ffmpeg: z.string(), cpu: z.string(), cores: z.int() }).nullable(),
  encoders: z
    .array(z.object({ name: VideoEncoder, pixels_per_second: z.int() }))
    .describe('Those that work here, and how much each does.'),
  unusable: z
    .array(z.object({ name: VideoEncoder, why: z.string() }))
    .describe('Those that ffmpeg has and this machine has not.'),
  budget: z
    .object({ encoder: VideoEncoder, pixels_per_second: z.int() })
    .describe(
      'What streams are planned with: three quarters of the fastest encoder that has not failed since, or a guess.',
    ),
})
export type Measurement = z.infer<typeof Measurement>

type Known = {
  box: Box | undefined
  budget: EncodingBudget
  /** Encoders that worked when they were measured, and do not any more. */
  failed: Set<VideoEncoder>
  isMeasuring: boolean
  trouble: string | undefined
}

export function measurementOf({ box, budget, failed, isMeasuring, trouble }: Known): Measurement {
  const known = box ? describeBox(box, failed) : describeGuess(budget)
  const sentences = [isMeasuring ? MEASURING : known, trouble]
  return {
    state: isMeasuring ? 'measuring' : box ? 'measured' : 'unmeasured',
    message: sentences.filter(Boolean).join(' '),
    measured_at: box?.measuredAt ?? null,
    machine: box?.machine ?? null,
    encoders: (box?.speeds ?? []).map(({ encoder, pixelsPerSecond }) => ({
      name: encoder,
      pixels_per_second: Math.round(pixelsPerSecond),
    })),
    unusable: (box?.unusable ?? []).map(({ encoder, why }) => ({ name: encoder, why })),
    budget: { encoder: budget.encoder, pixels_per_second: Math.round(budget.pixelsPerSecond) },
  }
}

const MEASURING = 'This node measures itself: that takes up to a minute.'
