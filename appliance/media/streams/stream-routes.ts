import { StreamName } from '@sixcast/shared/contract/names.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { type Answers, describeAnswers } from '../api/describe-answers.ts'
import { fromNoPage } from '../api/from-no-page.ts'
import { RunReport } from '../encoder/run-reports.ts'
import { StreamOrder } from '../pulls/stream-order.ts'
import type { StreamDesk } from './stream-desk.ts'
import { StreamView } from './stream-view.ts'

const StreamList = z.object({ streams: z.array(StreamView) })
const RunList = z.object({ runs: z.array(RunReport) })
/** nginx lets no other through: for it a name that is none is an address of nothing, and 404. */
const StreamId = z.object({ stream_id: StreamName })

export const streamRoutes = (desk: StreamDesk) =>
  new Hono()
    .get('/', describeAnswers('All streams of this node', { 200: StreamList }), (c) =>
      c.json({ streams: desk.list() }),
    )
    .post(
      '/',
      describeAnswers(
        'Has this node pull a stream; asked for again as it is, it only counts as a heartbeat',
        START_ANSWERS,
      ),
      fromNoPage,
      accept('json', StreamOrder),
      async (c) => {
        const { isNew, view } = await desk.start(c.req.valid('json'))
        return c.json(view, isNew ? 201 : 200, { location: `/streams/${view.stream_id}` })
      },
    )
    .get(
      '/:stream_id',
      describeAnswers('One stream of this node', {
        200: StreamView,
        problems: ['not-found', 'unknown-stream'],
      }),
      accept('param', StreamId),
      (c) => c.json(desk.find(c.req.valid('param').stream_id)),
    )
    .get(
      '/:stream_id/runs',
      describeAnswers('The last runs of the encoder of a stream, the latest last', {
        200: RunList,
        problems: ['not-found', 'unknown-stream'],
      }),
      accept('param', StreamId),
      (c) => c.json({ runs: desk.runs(c.req.valid('param').stream_id) }),
    )
    .delete(
      '/:stream_id',
      describeAnswers('Stops a stream for good: a pulled one is pulled no more, a publisher is sent away', {
        204: undefined,
        problems: ['local-only', 'foreign-request', 'not-found', 'unknown-stream', 'busy'],
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
      describeAnswers(
        'Says that a stream is still wanted: without, what was asked for is stopped after STALE_THRESHOLD seconds, unless it is published to this node under its own name',
        {
          200: StreamView,
          problems: ['local-only', 'foreign-request', 'not-found', 'unknown-stream'],
        },
      ),
      fromNoPage,
      accept('param', StreamId),
      (c) => c.json(desk.heard(c.req.valid('param').stream_id)),
    )

const START_ANSWERS: Answers = {
  200: StreamView,
  201: StreamView,
  problems: [
    'bad-request',
    'local-only',
    'foreign-request',
    'name-taken',
    'already-publishing',
    'too-large',
    'node-full',
  ],
}
