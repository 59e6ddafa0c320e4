import { StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { ReportedRendition, SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import * as z from 'zod'
import type { LiveSession } from './live-session.ts'
import type { LiveStreams } from './live-streams.ts'

/** A stream as this node tells of it. */
export const LocalStream = z.object({
  name: StreamName,
  state: z.enum(['starting', 'live', 'waiting', 'ended', 'forgotten']),
  /** There while the stream is live. */
  playlist: z.string(),
  renditions: z.array(ReportedRendition),
  record: SessionRecord.optional(),
  encoder: z.object({
    state: z.enum(['stopped', 'running', 'stopping', 'waiting']),
    failures: z.number().int(),
    /** What its process said last. */
    lastLines: z.array(z.string()),
  }),
})
export type LocalStream = z.infer<typeof LocalStream>
const StreamList = z.object({ streams: z.array(LocalStream) })

export const streamRoutes = (streams: Pick<LiveStreams, 'find' | 'list'>) =>
  new Hono()
    .get('/', describeRoute(answers('All streams of this node', StreamList)), (c) =>
      c.json({ streams: streams.list().map(viewOf) }),
    )
    .get(
      '/:name',
      describeRoute(answers('One stream of this node', LocalStream)),
      accept('param', z.object({ name: StreamName })),
      (c) => {
        const session = streams.find(c.req.valid('param').name)
        if (!session) throw new Problem('unknown-stream')
        return c.json(viewOf(session))
      },
    )

function viewOf(session: LiveSession): LocalStream {
  const report = session.report()
  const encoder = session.encoder()
  const encoding = encoder?.state() ?? { name: 'stopped' }
  return {
    name: session.name,
    state: session.state(),
    playlist: `/streams/${session.name}/index.m3u8`,
    renditions: report?.renditions ?? [],
    record: report?.record,
    encoder: {
      state: encoding.name,
      failures: 'failures' in encoding ? encoding.failures : 0,
      lastLines: encoder?.lastLines() ?? [],
    },
  }
}

function answers(summary: string, schema: z.ZodType) {
  const content = { 'application/json': { schema: resolver(schema) } }
  return { summary, responses: { 200: { description: 'As it is now.', content } } }
}
