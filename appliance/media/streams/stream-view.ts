import { StreamName } from '@sixcast/shared/contract/names.ts'
import { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import * as z from 'zod'
import { StreamOrderFields, type StreamOrder as Wanted } from '../pulls/stream-order.ts'
import type { LiveSession } from './live-session.ts'
import type { StreamProblem } from './stream-problems.ts'

const Rendition = z.object({
  id: z.string().describe('Also the name of its playlist.'),
  width: z.int().nullable(),
  height: z.int().nullable(),
  codecs: z.string(),
  bits_per_second: z.int().describe('Measured over its session, with the sound that plays beside it.'),
  peak_bits_per_second: z.int().describe('Of its largest segment, and that of the sound.'),
  frames_per_second: z.number().nullable().describe('Its encoder repeats or drops frames to keep to it.'),
  speed: z
    .number()
    .nullable()
    .describe(
      'Of its encoder; below 1 it falls behind. null: it is not shown by itself now, but the bytes of the next lower one.',
    ),
  copied: z.boolean().optional().describe('It is the picture of the source as it came, and is not encoded.'),
})

/** A stream as this node tells of it. What is not known, or not now, is null. */
export const StreamView = z.object({
  stream_id: StreamName,
  state: z
    .enum(['starting', 'live', 'waiting', 'ended'])
    .describe('waiting: its source is away and may return; ended: it will not, and its files go soon.'),
  since: z.iso.datetime().describe('When it came into this state.'),
  started_by: z
    .enum(['publisher', 'api', 'control-plane'])
    .describe('control-plane: it had this node copy the stream from another.'),
  role: z
    .enum(['origin', 'mirror'])
    .optional()
    .describe('origin: made here; mirror: copied, byte for byte, from another node.'),
  copy: z
    .object({
      from: z.string().describe("Host and port of the origin's CDN endpoint."),
      behind_ms: z
        .int()
        .nullable()
        .describe('About how much later than there its newest part was listed here.'),
    })
    .nullish()
    .describe('Where it is copied from; null where it is made.'),
  wanted: StreamOrderFields.omit({ stream_id: true })
    .extend({ asked_at: z.iso.datetime() })
    .nullable()
    .describe(
      'What was asked for by POST /streams, also once it has ended; passwords and queries of its source_url are masked.',
    ),
  source: z
    .object({ width: z.int(), height: z.int(), frames_per_second: z.number(), audio: z.boolean() })
    .nullable()
    .describe('What is coming in now.'),
  renditions: z.array(Rendition),
  encoder: z.object({
    state: z.enum(['stopped', 'running', 'stopping', 'waiting']),
    failures: z.int().describe('Ends in a row that nobody ordered.'),
    speed: z.number().nullable(),
    last_lines: z.array(z.string()).describe('What its process said last, without passwords.'),
  }),
  viewers: z
    .int()
    .nullable()
    .describe('Clients that asked for a playlist, manifest, part or segment in the last ten seconds.'),
  average_response_ms: z.number().nullable(),
  latency_ms: z
    .int()
    .nullable()
    .describe(
      'How much later its newest media came out than the quickest of its run: what encoder and machine are behind. What every frame takes, on its way here and in the encoder, is not in it.',
    ),
  problems: z.array(z.object({ at: z.iso.datetime(), what: z.string() })).describe('The latest last.'),
  playback: z
    .object({ hls: z.string().nullable(), dash: z.string().nullable(), thumbnail: z.string() })
    .describe('Paths on this node; there while the stream is live.'),
  record: SessionRecord.nullable().describe('The clock of its session, as the fleet hands it around.'),
})
export type StreamView = z.infer<typeof StreamView>

/** What others measure; undefined where nobody does. */
export type Measures = {
  viewersOf: (name: string) => number | undefined
  averageResponseMs: (name: string) => number | undefined
}

type Order = Wanted & { asked_at: string }

type Known = {
  name: string
  session: LiveSession | undefined
  wanted: Order | undefined
  /** What it was asked for as, if it is wanted no more. */
  past: Order | undefined
  /** When its publisher came, if it has one. */
  publishedSince: Date | undefined
  problems: StreamProblem[]
  measures: Measures
}

export function viewOf({
  name,
  session,
  wanted,
  past,
  publishedSince,
  problems,
  measures,
}: Known): StreamView {
  const report = session?.report()
  const source = session?.source()
  const order = wanted ?? past
  return {
    stream_id: name,
    ...stateOf(session, wanted, publishedSince),
    started_by: order ? 'api' : 'publisher',
    role: 'origin',
    copy: null,
    wanted: order ? orderOf(order) : null,
    source: source
      ? {
          width: source.width,
          height: source.height,
          frames_per_second: source.frameRate,
          audio: source.audio,
        }
      : null,
    renditions: report && session ? session.measured().map((one) => renditionOf(one, session)) : [],
    encoder: encoderOf(session),
    viewers: measures.viewersOf(name) ?? null,
    average_response_ms: measures.averageResponseMs(name) ?? null,
    latency_ms: session?.latencyMs() ?? null,
    problems,
    playback: playbackOf(name, order),
    record: report?.record ?? null,
  }
}

/** A session that is over is not the one that is wanted now. */
function stateOf(
  session: LiveSession | undefined,
  wanted: Known['wanted'],
  publishedSince: Date | undefined,
): Pick<StreamView, 'state' | 'since'> {
  const state = session?.state()
  const begunAt = wanted?.asked_at ?? publishedSince?.toISOString()
  if (session && state && state !== 'forgotten' && !(state === 'ended' && begunAt))
    return { state, since: session.since().toISOString() }
  return { state: begunAt ? 'starting' : 'ended', since: begunAt ?? new Date().toISOString() }
}

function orderOf({ stream_id: _, ...order }: Order): StreamView['wanted'] {
  return { ...order, source_url: maskSecrets(order.source_url) }
}

type Measured = ReturnType<LiveSession['measured']>[number]

function renditionOf(
  { id, width, height, codecs, ...measured }: Measured,
  session: LiveSession,
): z.infer<typeof Rendition> {
  const isCopied = session.copied() === id
  const isShown = isCopied || session.rungs().some((rung) => rung.id === id)
  return {
    id,
    width: width ?? null,
    height: height ?? null,
    codecs,
    bits_per_second: measured.averageBandwidth,
    peak_bits_per_second: measured.bandwidth,
    frames_per_second: measured.frameRate ?? null,
    speed: isShown ? (session.encoder()?.speed() ?? null) : null,
    copied: isCopied,
  }
}

function encoderOf(session: LiveSession | undefined): StreamView['encoder'] {
  const encoder = session?.encoder()
  const state = encoder?.state() ?? { name: 'stopped' }
  return {
    state: state.name,
    failures: 'failures' in state ? state.failures : 0,
    speed: encoder?.speed() ?? null,
    last_lines: (encoder?.lastLines() ?? []).map(maskSecrets),
  }
}

function playbackOf(name: string, order: Order | undefined): StreamView['playback'] {
  const path = (file: string) => `/streams/${name}/${file}`
  return {
    hls: order?.enable_hls === false ? null : path('playlist.m3u8'),
    dash: order?.enable_dash === false ? null : path('manifest.mpd'),
    thumbnail: path('thumbnail.jpg'),
  }
}
