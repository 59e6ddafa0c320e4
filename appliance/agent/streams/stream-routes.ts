import { LocalStreams, LocalStreamsReply } from '@sixcast/shared/contract/agent-socket.ts'
import type { MediaLimits } from '@sixcast/shared/contract/configuration.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { OrderedMirrors } from './mirror-orders.ts'
import type { StreamReporter } from './stream-reporter.ts'

type Dependencies = {
  reporter: Pick<StreamReporter, 'take' | 'unknown'>
  fleetTime: () => number | undefined
  mirrors: Pick<OrderedMirrors, 'now'>
  claimed: () => string | undefined
  /** What media is to honour, and says that it does. */
  limits: { wanted: () => MediaLimits; heard: (honoured: MediaLimits | undefined) => void }
}

export const streamRoutes = ({ reporter, fleetTime, mirrors, claimed, limits }: Dependencies) =>
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
      const said = c.req.valid('json')
      reporter.take(said.streams, said.load)
      limits.heard(said.limits)
      const [time, orders, address] = [fleetTime(), mirrors.now(), claimed()]
      return c.json({
        ...(time !== undefined && { time: new Date(time).toISOString() }),
        unknown: reporter.unknown(),
        ...(orders && { mirrors: orders }),
        ...(address !== undefined && { claimed: address }),
        limits: limits.wanted(),
      } satisfies LocalStreamsReply)
    },
  )
