import { LocalStreams, LocalStreamsReply } from '@sixcast/shared/contract/agent-socket.ts'
import type { MediaLimits } from '@sixcast/shared/contract/configuration.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { StreamReporter } from './stream-reporter.ts'

type Dependencies = {
  reporter: Pick<StreamReporter, 'take' | 'unknown'>
  fleetTime: () => number | undefined
  /** What media is to honour, and says that it does. */
  limits: { wanted: () => MediaLimits; heard: (honoured: MediaLimits | undefined) => void }
}

export const streamRoutes = ({ reporter, fleetTime, limits }: Dependencies) =>
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
      limits.heard(said.limits)
      const time = fleetTime()
      return c.json({
        ...(time !== undefined && { time: new Date(time).toISOString() }),
        unknown: reporter.unknown(),
        limits: limits.wanted(),
      } satisfies LocalStreamsReply)
    },
  )
