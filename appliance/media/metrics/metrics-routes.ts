import { PROMETHEUS_TEXT } from '@sixcast/shared/runtime/prometheus-text.ts'
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'

export const metricsRoutes = (text: () => string) =>
  new Hono().get('/', describeRoute(described), (c) =>
    c.body(text(), 200, { 'content-type': PROMETHEUS_TEXT, 'cache-control': 'no-store' }),
  )

const described = {
  summary: 'What media counts and measures, for Prometheus',
  responses: {
    200: {
      description: "In Prometheus's text format.",
      content: { 'text/plain': { schema: { type: 'string' as const } } },
    },
  },
}
