import { histogram } from './histogram.ts'
import { perStream } from './per-stream.ts'

export type PublishedPart = {
  stream: string
  rendition: string
  /** From the arrival of its last frame to the moment its playlist was out. */
  seconds: number
  bytes: number
}
type Rendition = { parts: number; segments: number; bytes: number; droppedSegments: number }

/** Parts of a third of a second: one that takes longer than that is late. */
const DELAY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** What the packager has brought out, and how soon. */
export function published(isKnown: (stream: string) => boolean) {
  const streams = perStream(isKnown, () => ({
    delay: histogram(DELAY_SECONDS),
    renditions: new Map<string, Rendition>(),
  }))

  function count(stream: string, rendition: string, more: Partial<Rendition>) {
    const renditions = streams.of(stream)?.renditions
    const sofar = renditions?.get(rendition) ?? { parts: 0, segments: 0, bytes: 0, droppedSegments: 0 }
    renditions?.set(rendition, {
      parts: sofar.parts + (more.parts ?? 0),
      segments: sofar.segments + (more.segments ?? 0),
      bytes: sofar.bytes + (more.bytes ?? 0),
      droppedSegments: sofar.droppedSegments + (more.droppedSegments ?? 0),
    })
  }

  return {
    observePart({ stream, rendition, seconds, bytes }: PublishedPart) {
      count(stream, rendition, { parts: 1, bytes })
      streams.of(stream)?.delay.observe(seconds)
    },
    /** Its bytes were counted with its parts. */
    observeSegment: ({ stream, rendition }: { stream: string; rendition: string }) =>
      count(stream, rendition, { segments: 1 }),
    /** Segments that had to go before their time, because there was no room. */
    observeDropped: ({
      stream,
      rendition,
      segments,
    }: {
      stream: string
      rendition: string
      segments: number
    }) => count(stream, rendition, { droppedSegments: segments }),

    read: () =>
      streams.entries().map(([stream, { delay, renditions }]) => ({
        stream,
        delay: delay.read(),
        renditions: [...renditions].map(([rendition, counts]) => ({ rendition, ...counts })),
      })),
  }
}
export type PublishedReading = ReturnType<ReturnType<typeof published>['read']>
