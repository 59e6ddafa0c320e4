import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import * as z from 'zod'

/** What /openapi.json says beside media's own routes: what nginx and the agent serve at the same port. */
export const nodeDocumentation = {
  info: {
    title: 'Sixcast node',
    version: '1',
    description:
      'Port 8083 of a node: its live streams, and what it tells of itself. Reading is open to everybody; changes are taken from the machine itself alone. docs/streaming.md has examples.',
  },
  paths: {
    '/streams/{stream_id}/playlist.m3u8': playback(
      'The multivariant HLS playlist of a stream, while it is live',
      'application/vnd.apple.mpegurl',
    ),
    '/streams/{stream_id}/index.m3u8': playback('The same as playlist.m3u8', 'application/vnd.apple.mpegurl'),
    '/streams/{stream_id}/manifest.mpd': playback(
      'The DASH manifest of a stream, from its first whole segment on until its files go',
      'application/dash+xml',
    ),
    '/streams/{stream_id}/thumbnail.jpg': playback(
      'What a stream shows, a new picture every two seconds',
      'image/jpeg',
    ),
    '/api/metrics': {
      get: {
        summary: 'What this node measures of its machine',
        responses: {
          200: answer('The newest measurement.', 'application/json', jsonSchema(NodeMetrics)),
          503: refusal('unavailable'),
        },
      },
    },
  },
}

function playback(summary: string, type: string) {
  const parameters = [
    { name: 'stream_id', in: 'path' as const, required: true, schema: { type: 'string' as const } },
  ]
  const responses = {
    200: answer('As it is now.', type, { type: 'string' as const }),
    404: refusal('not-found'),
    405: refusal('bad-method'),
    416: refusal('bad-range'),
  }
  return { get: { summary, parameters, responses } }
}

function refusal(code: string) {
  return answer(code, 'application/json', jsonSchema(ProblemBody))
}

function answer<Schema>(description: string, type: string, schema: Schema) {
  return { description, content: { [type]: { schema } } }
}

/** OpenAPI 3.1 takes JSON schema as it is. */
function jsonSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema)
  return rest as object
}
