import { StreamName } from '@sixcast/shared/contract/names.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import * as z from 'zod'
import { Qualities } from '../ladder/qualities.ts'

/** What an order says of a stream. */
export const StreamOrderFields = z.object({
  stream_id: StreamName.describe('The public name of the stream, as it stands in its URLs.'),
  source_url: z
    .string()
    .min(1, 'must not be empty')
    .max(2048, 'must not be longer than 2048 characters')
    .describe(
      'rtmp, rtmps, rtsp, rtsps, http, https or srt of a camera or server; rtmp://localhost/live/NAME for what is published to this node; file:///NAME or NAME for a file of the ingest folder.',
    ),
  qualities: Qualities.optional().describe(
    'The renditions that are wanted; all that the source and the node are good for, if absent.',
  ),
  enable_hls: z.boolean().default(true),
  enable_dash: z.boolean().default(true),
  low_latency: z.boolean().default(true),
})

const NEVER = { const: false }

/** `POST /streams`: a stream that somebody wants this node to pull. What it does not know may be a setting mistyped. */
export const StreamOrder = z
  .strictObject(StreamOrderFields.shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownFields(issue.keys) : undefined),
  })
  .refine(({ enable_hls, enable_dash }) => enable_hls || enable_dash, {
    path: ['enable_dash'],
    error: 'must be true where enable_hls is false: without both nobody could watch',
  })
  .meta({
    not: { properties: { enable_hls: NEVER, enable_dash: NEVER }, required: ['enable_hls', 'enable_dash'] },
  })
export type StreamOrder = z.infer<typeof StreamOrder>

function unknownFields(names: string[]): string {
  const named = names.slice(0, 3).map((name) => printable(name.slice(0, 50)))
  return `${named.join(', ')} is no field of an order: these are ${Object.keys(StreamOrderFields.shape).join(', ')}.`
}

/** What decides whether two orders of a stream ask for the same, beside their source. */
export function isSameOrder(one: StreamOrder, other: StreamOrder): boolean {
  return JSON.stringify(substanceOf(one)) === JSON.stringify(substanceOf(other))
}

function substanceOf({ qualities, enable_hls, enable_dash, low_latency }: StreamOrder) {
  return [qualities?.toSorted() ?? 'all', enable_hls, enable_dash, low_latency]
}
