import { LocalStreams, LocalStreamsReply } from '@sixcast/shared/contract/agent-socket.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { LatestLoad } from './latest-load.ts'
import type { StreamReporter } from './stream-reporter.ts'

export const streamRoutes = (
  reporter: StreamReporter,
  load: LatestLoad,
  fleetTime: () => number | undefined,
) =>
  new Hono().put(
    '/',
    describeRoute({
      summary: 'Media says which sessions this node has now',
      responses: {
        200: {
          description:
            'They are handed on to the control plane, whose time it is, and which may not know all of them.',
          content: { 'application/json': { schema: resolver(LocalStreamsReply) } },
        },
      },
    }),
    accept('json', LocalStreams),
    (c) => {
      const said = c.req.valid('json')
      reporter.take(said.streams)
      load.take(said.load)
      const time = fleetTime()
      return c.json({
        ...(time !== undefined && { time: new Date(time).toISOString() }),
        unknown: reporter.unknown(),
      } satisfies LocalStreamsReply)
    },
  )
