import { histogram } from './histogram.ts'
import { perStream } from './per-stream.ts'

export type CopiedParts = { stream: string; parts: number; bytes: number; seconds: number }

/** A round trip or two and what a part takes over a line: one that takes longer than a third of a second is late. */
const DELAY_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.333, 0.5, 1, 2.5]

/** What was copied from other nodes, and how much later it is shown than there. */
export function copied(isKnown: (stream: string) => boolean) {
  const streams = perStream(isKnown, () => ({ parts: 0, bytes: 0, delay: histogram(DELAY_SECONDS) }))

  return {
    observeCopied({ stream, parts, bytes, seconds }: CopiedParts) {
      const of = streams.of(stream)
      if (!of) return
      of.parts += parts
      of.bytes += bytes
      if (parts > 0) of.delay.observe(seconds)
    },
    read: () =>
      streams.entries().map(([stream, { delay, ...counts }]) => ({ stream, ...counts, delay: delay.read() })),
  }
}
export type CopiedReading = ReturnType<ReturnType<typeof copied>['read']>
