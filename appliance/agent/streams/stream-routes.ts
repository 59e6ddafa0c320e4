import { LocalStreams, LocalStreamsReply } from '@sixcast/shared/contract/agent-socket.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { OrderedMirrors } from './mirror-orders.ts'
import type { StreamReporter } from './stream-reporter.ts'

type Dependencies = {
  reporter: StreamReporter
  fleetTime: () => number | undefined
  mirrors: Pick<OrderedMirrors, 'now'>
}

export const streamRoutes = ({ reporter, fleetTime, mirrors }: Dependencies) =>
  new Hono().put(
    '/',
    describeRoute({
      summary: 'Media says which sessions this node has now',
      responses: {
        200: {
          description:
            'They are handed on to the control plane, whose time it is, which may not know all of them, and which has this node copy others.',
          content: { 'application/json': { schema: resolver(LocalStreamsReply) } },
        },
      },
    }),
    accept('json', LocalStreams),
    (c) => {
      const { streams, load } = c.req.valid('json')
      reporter.take(streams, load)
      const [time, orders] = [fleetTime(), mirrors.now()]
      return c.json({
        ...(time !== undefined && { time: new Date(time).toISOString() }),
        unknown: reporter.unknown(),
        ...(orders && { mirrors: orders }),
      } satisfies LocalStreamsReply)
    },
  )
