import { StreamName } from '@sixcast/shared/contract/names.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import { NewStream } from './new-stream.ts'
import type { StreamCatalog } from './stream-catalog.ts'
import { StreamListing } from './stream-listing.ts'
import type { StreamView } from './stream-view.ts'

type Dependencies = {
  streamViews: { list: () => Promise<StreamView[]> }
  streamCatalog: Pick<StreamCatalog, 'addStream' | 'describeStream'>
  login: Pick<OperatorLogin, 'requireApiOperator'>
}

/** The streams and what viewers see of them, for operators' programs. Keys are made where they can be shown: in the console. */
export const streamCatalogRoutes = ({ streamViews, streamCatalog, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/streams', login.requireApiOperator)
    .use('/v1/streams/:name/listing', login.requireApiOperator)
    .get('/v1/streams', describeList, async (c) => c.json({ streams: await streamViews.list() }))
    .post('/v1/streams', describeAdd, accept('json', NewStream), async (c) => {
      const stream = c.req.valid('json')
      await streamCatalog.addStream(stream)
      return c.json({ name: stream.name, added: true as const })
    })
    .put(
      '/v1/streams/:name/listing',
      describeListing,
      accept('param', Named),
      accept('json', StreamListing),
      async (c) => {
        const { name } = c.req.valid('param')
        await streamCatalog.describeStream(name, c.req.valid('json'))
        return c.json({ name, described: true as const })
      },
    )

const Named = z.object({ name: StreamName })
const Listed = z.looseObject({ name: z.string(), title: z.string(), state: z.string(), open: z.boolean() })

const describeList = describeAnswers({
  summary: 'All streams, with how they stand and what viewers see of them',
  tag: 'operator',
  ok: z.object({ streams: z.array(Listed) }),
  problems: ['not-logged-in'],
})

const describeAdd = describeAnswers({
  summary: 'Adds a stream: name, title, description; open: it is published without a key',
  tag: 'operator',
  ok: z.object({ name: StreamName, added: z.literal(true) }),
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'name-taken', 'too-large'],
})

const describeListing = describeAnswers({
  summary:
    'What viewers see of a stream: title, description, category, shown, place. What is not said stays as it is',
  tag: 'operator',
  ok: z.object({ name: StreamName, described: z.literal(true) }),
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'unknown-stream', 'too-large'],
})
