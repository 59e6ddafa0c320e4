import { StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem, ProblemBody, type ProblemCode, problemStatus } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono, type MiddlewareHandler } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import * as z from 'zod'
import { RunReport } from '../encoder/run-reports.ts'
import { StreamOrder } from '../pulls/stream-order.ts'
import type { StreamDesk } from './stream-desk.ts'
import { StreamView } from './stream-view.ts'

const StreamList = z.object({ streams: z.array(StreamView) })
const RunList = z.object({ runs: z.array(RunReport) })
const StreamId = z.object({ stream_id: StreamName })

export const streamRoutes = (desk: StreamDesk) =>
  new Hono()
    .get('/', describe('All streams of this node', { 200: StreamList }), (c) =>
      c.json({ streams: desk.list() }),
    )
    .post(
      '/',
      describe('Has this node pull a stream; asked for again as it is, it only counts as a heartbeat', {
        200: StreamView,
        201: StreamView,
        problems: [
          'bad-request',
          'foreign-request',
          'name-taken',
          'already-publishing',
          'too-large',
          'node-full',
        ],
      }),
      fromNoPage,
      accept('json', StreamOrder),
      async (c) => {
        const { isNew, view } = await desk.start(c.req.valid('json'))
        return c.json(view, isNew ? 201 : 200, { location: `/streams/${view.stream_id}` })
      },
    )
    .get(
      '/:stream_id',
      describe('One stream of this node', { 200: StreamView, problems: ['bad-request', 'unknown-stream'] }),
      accept('param', StreamId),
      (c) => c.json(desk.find(c.req.valid('param').stream_id)),
    )
    .get(
      '/:stream_id/runs',
      describe('The last runs of the encoder of a stream, the latest last', {
        200: RunList,
        problems: ['bad-request', 'unknown-stream'],
      }),
      accept('param', StreamId),
      (c) => c.json({ runs: desk.runs(c.req.valid('param').stream_id) }),
    )
    .delete(
      '/:stream_id',
      describe('Stops a stream for good: a pulled one is pulled no more, a publisher is sent away', {
        204: undefined,
        problems: ['bad-request', 'foreign-request', 'unknown-stream'],
      }),
      fromNoPage,
      accept('param', StreamId),
      (c) => {
        desk.stop(c.req.valid('param').stream_id)
        return c.body(null, 204)
      },
    )
    .post(
      '/:stream_id/heartbeat',
      describe(
        'Says that a stream is still wanted: without, a pulled one is stopped after STALE_THRESHOLD seconds',
        {
          200: StreamView,
          problems: ['bad-request', 'foreign-request', 'unknown-stream'],
        },
      ),
      fromNoPage,
      accept('param', StreamId),
      (c) => c.json(desk.heard(c.req.valid('param').stream_id)),
    )

/** A browser on this machine counts as this machine, but the pages in it are somebody else's. */
const fromNoPage: MiddlewareHandler = async (c, next) => {
  if (c.req.header('origin') !== undefined)
    throw new Problem('foreign-request', 'Changes are taken from programs, not from web pages.')
  await next()
}

type Answers = { 200?: z.ZodType; 201?: z.ZodType; 204?: undefined; problems?: ProblemCode[] }

function describe(summary: string, { problems = [], ...good }: Answers) {
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema: resolver(schema) } } })
  const answers = Object.entries(good).map(([status, schema]) => [
    status,
    { description: DESCRIPTIONS[status] ?? '', ...(schema ? json(schema) : {}) },
  ])
  const byStatus = Map.groupBy(problems, (code) => problemStatus[code])
  const refusals = [...byStatus].map(([status, codes]) => [
    status,
    { description: codes.join(', '), ...json(ProblemBody) },
  ])
  return describeRoute({ summary, responses: Object.fromEntries([...answers, ...refusals]) })
}

const DESCRIPTIONS: Record<string, string> = {
  200: 'As it is now.',
  201: 'It is new, and is being started.',
  204: 'Done.',
}
