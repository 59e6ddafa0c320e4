import type { ReportedRendition } from '@sixcast/shared/contract/stream-report.ts'
import type { StreamProblem } from '../streams/stream-problems.ts'
import type { Measures, StreamView } from '../streams/stream-view.ts'
import type { MirrorSession } from './mirror-session.ts'

type Known = { mirror: MirrorSession; problems: StreamProblem[]; measures: Measures }

/** A copied stream as this node tells of it: what its origin measured, and how the copy does. */
export function mirrorView({ mirror, problems, measures }: Known): StreamView {
  const { stream } = mirror
  const state = mirror.state()
  const path = (file: string) => `/streams/${stream}/${file}`
  const behindMs = state.name === 'live' ? mirror.behindMs() : undefined
  return {
    stream_id: stream,
    state: state.name === 'gone' || mirror.isLeaving() ? 'ended' : state.name,
    since: mirror.since().toISOString(),
    started_by: 'control-plane',
    role: 'mirror',
    copy: { from: mirror.from(), behind_ms: behindMs === undefined ? null : Math.round(behindMs) },
    wanted: null,
    source: null,
    renditions: (mirror.index()?.renditions ?? []).map(renditionOf),
    encoder: { state: 'stopped', failures: 0, speed: null, last_lines: [] },
    viewers: measures.viewersOf(stream) ?? null,
    average_response_ms: measures.averageResponseMs(stream) ?? null,
    latency_ms: null,
    problems,
    playback: { hls: path('playlist.m3u8'), dash: path('manifest.mpd'), thumbnail: path('thumbnail.jpg') },
    record: mirror.record() ?? null,
  }
}

function renditionOf(rendition: ReportedRendition): StreamView['renditions'][number] {
  const { id, codecs, bandwidth, averageBandwidth, width, height, frameRate } = rendition
  return {
    id,
    width: width ?? null,
    height: height ?? null,
    codecs,
    bits_per_second: averageBandwidth,
    peak_bits_per_second: bandwidth,
    frames_per_second: frameRate ?? null,
    speed: null,
  }
}
