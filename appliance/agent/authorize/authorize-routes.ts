import { AuthorizeReply, AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { AskAuthorization } from './ask-authorization.ts'

export const authorizeRoutes = (authorize: AskAuthorization) =>
  new Hono().post(
    '/',
    describeRoute({
      summary: 'Media asks whether a key may publish a stream',
      responses: {
        200: {
          description: 'It may',
          content: { 'application/json': { schema: resolver(AuthorizeReply) } },
        },
        503: { description: '`unavailable`: the control plane has not decided' },
      },
    }),
    accept('json', AuthorizeRequest),
    async (c) => c.json(await authorize(c.req.valid('json'))),
  )
