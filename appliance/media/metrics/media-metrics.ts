import { type Metric, prometheusText } from '@sixcast/shared/runtime/prometheus-text.ts'
import type { AccessLine } from './access-line.ts'
import { type AudienceReading, audience } from './audience.ts'
import { type CopiedReading, copied } from './copied.ts'
import { type ProcessUse, processUse } from './process-use.ts'
import { type PublishedReading, published } from './published.ts'

type Dependencies = {
  /** All streams of this node, as far as they are remembered. */
  streams: () => { name: string; isLive: boolean }[]
  use?: () => ProcessUse
  now?: () => number
}
type Cleaned = { streams: number; segments: number }

export type MediaMetrics = ReturnType<typeof mediaMetrics>

/** What media counts and measures of itself. Others tell it what happens; it asks nobody but the kernel. */
export function mediaMetrics({ streams, use = processUse(), now = () => performance.now() }: Dependencies) {
  const isKnown = (stream: string) => streams().some(({ name }) => name === stream)
  const viewers = audience(isKnown)
  const output = published(isKnown)
  const copies = copied(isKnown)
  const cleaned: Cleaned = { streams: 0, segments: 0 }

  return {
    observePart: output.observePart,
    observeSegment: output.observeSegment,
    observeDropped: output.observeDropped,
    observeCopied: copies.observeCopied,
    /** Stale streams and old segments that were removed. */
    observeCleaned(more: Partial<Cleaned>) {
      cleaned.streams += more.streams ?? 0
      cleaned.segments += more.segments ?? 0
    },
    heard: (line: AccessLine) => viewers.heard(line, now()),
    /** Who was given a playlist, a manifest or media of it within the last ten seconds. */
    viewersOf: (stream: string) => viewers.viewersOf(stream, now()),
    /** What goes out to viewers now. */
    load: () => viewers.load(now()),
    averageResponseMs: (stream: string) => viewers.averageResponseMs(stream, now()),

    text: () =>
      prometheusText([
        ...ownMetrics(streams().filter(({ isLive }) => isLive).length, use()),
        ...publishedMetrics(output.read()),
        ...copiedMetrics(copies.read()),
        ...cleanedMetrics(cleaned),
        ...audienceMetrics(viewers.read(now())),
      ]),
  }
}

function ownMetrics(live: number, { cpuPercent, memoryBytes, ffmpegProcesses }: ProcessUse): Metric[] {
  return [
    gauge('streaming_active_streams', 'Streams that are live.', live),
    gauge('streaming_ffmpeg_processes', 'ffmpeg processes of media.', ffmpegProcesses),
    gauge(
      'streaming_cpu_percent',
      'Processor use of media and its ffmpeg, in percent of one core.',
      cpuPercent,
    ),
    gauge('streaming_memory_bytes', 'Resident memory of media and its ffmpeg.', memoryBytes),
  ]
}

function publishedMetrics(reading: PublishedReading): Metric[] {
  const counter = (
    name: string,
    help: string,
    of: (counts: PublishedReading[number]['renditions'][number]) => number,
  ): Metric => ({
    name,
    help,
    type: 'counter',
    samples: reading.flatMap(({ stream, renditions }) =>
      renditions.map((counts) => ({ labels: { stream, rendition: counts.rendition }, value: of(counts) })),
    ),
  })
  return [
    counter('streaming_parts_published_total', 'Parts brought out.', ({ parts }) => parts),
    counter('streaming_segments_published_total', 'Segments brought out.', ({ segments }) => segments),
    counter('streaming_published_bytes_total', 'Bytes of the parts brought out.', ({ bytes }) => bytes),
    counter(
      'streaming_segments_dropped_total',
      'Segments removed before their time, because there was no room.',
      ({ droppedSegments }) => droppedSegments,
    ),
    {
      name: 'streaming_part_publish_delay_seconds',
      help: 'From the arrival of the last frame of a part to the playlist that lists it.',
      type: 'histogram',
      samples: reading.map(({ stream, delay }) => ({ labels: { stream }, reading: delay })),
    },
  ]
}

function copiedMetrics(reading: CopiedReading): Metric[] {
  const counter = (name: string, help: string, of: (counts: CopiedReading[number]) => number): Metric => ({
    name,
    help,
    type: 'counter',
    samples: reading.map((counts) => ({ labels: { stream: counts.stream }, value: of(counts) })),
  })
  return [
    counter('streaming_copied_parts_total', 'Parts copied from another node.', ({ parts }) => parts),
    counter('streaming_copied_bytes_total', 'Bytes of media copied from another node.', ({ bytes }) => bytes),
    {
      name: 'streaming_copied_part_delay_seconds',
      help: 'How much later a copied part is listed than by the node it was copied from, about.',
      type: 'histogram',
      samples: reading.map(({ stream, delay }) => ({ labels: { stream }, reading: delay })),
    },
  ]
}

function cleanedMetrics({ streams, segments }: Cleaned): Metric[] {
  const counter = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: 'counter',
    samples: [{ value }],
  })
  return [
    counter('streaming_streams_cleaned_total', 'Stale streams removed.', streams),
    counter('streaming_segments_cleaned_total', 'Segments removed after their time.', segments),
  ]
}

function audienceMetrics({ requests, streams }: AudienceReading): Metric[] {
  return [
    {
      name: 'streaming_viewers',
      help: 'Viewers of the last ten seconds, by address and program.',
      type: 'gauge',
      samples: streams.map(({ stream, viewers }) => ({ labels: { stream }, value: viewers })),
    },
    {
      name: 'streaming_egress_bytes_total',
      help: 'Bytes sent to viewers.',
      type: 'counter',
      samples: streams.map(({ stream, egressBytes }) => ({ labels: { stream }, value: egressBytes })),
    },
    {
      name: 'streaming_response_seconds',
      help: 'From a request to the last byte of its answer, without the time it was held for.',
      type: 'histogram',
      samples: streams.flatMap(({ stream, responses }) =>
        responses.map(({ kind, reading }) => ({ labels: { stream, kind }, reading })),
      ),
    },
    {
      name: 'streaming_requests_total',
      help: 'Requests of viewers, by the status of the answer.',
      type: 'counter',
      samples: requests.map(({ status, count }) => ({ labels: { status }, value: count })),
    },
  ]
}

const gauge = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  type: 'gauge',
  samples: [{ value }],
})
