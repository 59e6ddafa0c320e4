import { LocalStreams } from '@sixcast/shared/contract/agent-socket.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import type { StreamReporter } from './stream-reporter.ts'

export const streamRoutes = (reporter: StreamReporter) =>
  new Hono().put(
    '/',
    describeRoute({
      summary: 'Media says which sessions this node has now',
      responses: { 204: { description: 'They are handed on to the control plane.' } },
    }),
    accept('json', LocalStreams),
    (c) => {
      reporter.take(c.req.valid('json').streams)
      return c.body(null, 204)
    },
  )
