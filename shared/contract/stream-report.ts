import * as z from 'zod'
import { SessionId, StreamName } from './names.ts'

/** One rung as measured, not as ordered. */
export const ReportedRendition = z.object({
  /** STABLE-VARIANT-ID: the same on every pathway. */
  id: z.string().max(50),
  codecs: z.string().max(100),
  bandwidth: z.number().int().nonnegative(),
  averageBandwidth: z.number().int().nonnegative(),
  width: z.number().int().positive().max(16_384).optional(),
  height: z.number().int().positive().max(16_384).optional(),
  frameRate: z.number().positive().max(1000).optional(),
})
export type ReportedRendition = z.infer<typeof ReportedRendition>

/** The sound that plays beside every rendition, as a track of its own. */
export const ReportedAudio = z.object({
  /** STABLE-RENDITION-ID: the same on every pathway. */
  id: z.string().max(50),
  codecs: z.string().max(100),
  channels: z.number().int().positive().max(64).optional(),
})
export type ReportedAudio = z.infer<typeof ReportedAudio>

/**
 * The clock of a session: made once, kept on disk and in the catalog, handed to every copy, so that all of them name the same
 * segments. Times in seconds.
 */
export const SessionRecord = z.object({
  session: SessionId,
  startedAt: z.iso.datetime(),
  /** Rises by one whenever the media clock breaks. */
  run: z.number().int().positive(),
  /** Wall time of media time 0 of this run, read once at the run's birth. */
  origin: z.iso.datetime(),
  /** Media time at which the grid of segments begins: segment k of the run covers [phase + kS, phase + (k+1)S). The first key frame lies in segment 0. */
  phase: z.number(),
  segmentSeconds: z.number().positive(),
  /** Number of the run's first segment; numbers rise by one over the whole session. */
  firstNumber: z.number().int().nonnegative(),
  discontinuitySequence: z.number().int().nonnegative(),
  ladder: z.array(z.string().max(50)).max(20),
})
export type SessionRecord = z.infer<typeof SessionRecord>

/** What a node sees of a stream, for operators. What is not known, or not now, is absent. */
export const StreamSight = z.object({
  /** What is coming in. */
  source: z
    .object({
      width: z.number().int(),
      height: z.number().int(),
      framesPerSecond: z.number(),
      audio: z.boolean(),
    })
    .optional()
    .catch(undefined),
  /** Of its encoders; below 1 they fall behind. */
  speed: z.number().nonnegative().optional().catch(undefined),
  /** How much later its newest media came out than the quickest of its run. */
  latencyMs: z.number().int().nonnegative().optional().catch(undefined),
  /** How long its viewers' requests took lately. */
  responseMs: z.number().nonnegative().optional().catch(undefined),
  /** In words for people. */
  problems: z
    .array(z.object({ at: z.iso.datetime(), what: z.string().max(500) }))
    .max(10)
    .catch([]),
})
export type StreamSight = z.infer<typeof StreamSight>

/**
 * `POST /streams`, signed. Sent by a node while the stream's manifest advances (`live`), when the publisher is gone but may
 * return (`waiting`), and once when the session is over (`ended`). The answer says how long it lives and when the next is due.
 */
export const StreamReport = z.object({
  name: StreamName,
  state: z.enum(['live', 'waiting', 'ended']),
  /** Relative to the stream's folder on the node. */
  manifest: z
    .string()
    .regex(/^[a-z0-9]{1,50}\.m3u8$/)
    .default('index.m3u8'),
  renditions: z.array(ReportedRendition).max(20),
  /** Absent without sound, and from releases that did not tell. */
  audio: ReportedAudio.optional().catch(undefined),
  record: SessionRecord,
  /** origin: encoded here. mirror: copied from the origin, as the control plane ordered. Absent from releases that did not copy. */
  role: z.enum(['origin', 'mirror']).optional().catch(undefined),
  /** Who fetched it from this node in the last ten seconds. Absent from releases that did not tell. */
  viewers: z.number().int().nonnegative().max(10_000_000).optional().catch(undefined),
  /** Absent from releases that did not tell. */
  seen: StreamSight.optional().catch(undefined),
})
export type StreamReport = z.infer<typeof StreamReport>

/** The answer to a report: when it is to be repeated if nothing has changed, and how long it is believed. */
export const ReportReply = z.object({ nextSeconds: z.number(), livesSeconds: z.number() })
export type ReportReply = z.infer<typeof ReportReply>

/** How often media tells the agent what it has, and how often a node repeats a report as long as no answer has told it. */
export const REPORT_EVERY_MS = 2000

/** `GET /streams/{name}`; header `X-Origin` carries `host` for nginx. */
export const StreamLocation = z.object({ name: StreamName, manifest: z.string(), host: z.string() })
export type StreamLocation = z.infer<typeof StreamLocation>
