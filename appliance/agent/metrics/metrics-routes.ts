import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { MetricsKeeper } from './node-metrics-keeper.ts'

export const metricsRoutes = ({ latest }: MetricsKeeper) =>
  new Hono().get(
    '/',
    describeRoute({
      summary: 'What this node measures of itself',
      responses: {
        200: {
          description: 'The newest measurement',
          content: { 'application/json': { schema: resolver(NodeMetrics) } },
        },
        503: { description: '`unavailable`: the first measurement is under way' },
      },
    }),
    (c) => {
      const metrics = latest()
      if (!metrics) throw new Problem('unavailable', 'The first measurement is under way.')
      c.header('cache-control', 'no-store')
      return c.json(metrics)
    },
  )
