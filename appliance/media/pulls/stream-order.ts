import { StreamName } from '@sixcast/shared/contract/names.ts'
import * as z from 'zod'
import { Qualities } from '../ladder/qualities.ts'

/** What an order says of a stream. */
export const StreamOrderFields = z.object({
  stream_id: StreamName.describe('The public name of the stream, as it stands in its URLs.'),
  source_url: z
    .string()
    .min(1, 'must not be empty')
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

/** `POST /streams`: a stream that somebody wants this node to pull. */
export const StreamOrder = StreamOrderFields.refine(
  ({ enable_hls, enable_dash }) => enable_hls || enable_dash,
  {
    path: ['enable_dash'],
    error: 'must be true where enable_hls is false: without both nobody could watch',
  },
)
export type StreamOrder = z.infer<typeof StreamOrder>

/** What decides whether two orders ask for the same. */
export function isSameOrder(one: StreamOrder, other: StreamOrder): boolean {
  return JSON.stringify(substanceOf(one)) === JSON.stringify(substanceOf(other))
}

function substanceOf({
  stream_id,
  source_url,
  qualities,
  enable_hls,
  enable_dash,
  low_latency,
}: StreamOrder) {
  const wanted = qualities?.toSorted()
  return [stream_id, source_url, wanted ?? 'all', enable_hls, enable_dash, low_latency]
}
