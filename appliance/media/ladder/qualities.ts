import * as z from 'zod'

const NAMES = ['1080p', '720p', '480p', '360p', '240p'] as const
const SENTENCE = `must be some of ${NAMES.join(', ')}, each once`

/** The renditions a stream is ordered in. One that is larger than the source is shown in the source's own size. */
export const Qualities = z
  .array(z.enum(NAMES, SENTENCE), SENTENCE)
  .min(1, SENTENCE)
  .refine((names) => new Set(names).size === names.length, SENTENCE)
  .meta({ uniqueItems: true })
export type Quality = z.infer<typeof Qualities>[number]

/** The shorter side of the picture, in pixels. */
export function sizeOf(quality: Quality): number {
  return Number.parseInt(quality, 10)
}
