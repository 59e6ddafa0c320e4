import { answerMethods } from '@sixcast/shared/runtime/answer-methods.ts'
import { answerProblems, limitBody } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { describeRoute, openAPIRouteHandler } from 'hono-openapi'
import * as z from 'zod'
import { describeAnswers } from './api/describe-answers.ts'
import { nodeDocumentation } from './api/describe-node.ts'
import { type MeasuredNode, measureRoutes } from './encoder/measure-routes.ts'
import { ingestRoutes } from './ingest/ingest-routes.ts'
import type { PublishCall } from './ingest/publish-call.ts'
import { metricsRoutes } from './metrics/metrics-routes.ts'
import type { LiveStreams } from './streams/live-streams.ts'
import type { StreamDesk } from './streams/stream-desk.ts'
import { streamRoutes } from './streams/stream-routes.ts'

type Dependencies = {
  streams: Pick<LiveStreams, 'list' | 'came' | 'left'>
  desk: StreamDesk
  encoders: MeasuredNode
  admit: (call: PublishCall) => Promise<void>
  /** In Prometheus's text format. */
  metrics: () => string
  /** Wall time, by the clock that playlists and manifests tell. */
  now: () => number
  log: Log
}

export function mediaApp({ streams, desk, encoders, admit, metrics, now, log }: Dependencies): Hono {
  const app = new Hono()
  answerProblems(app, log)
  answerMethods(app)
  app.use(limitBody())
  app.get('/health', health, (c) => c.json({ status: 'ok', streams: streams.list().length }))
  app.get('/time', describeRoute(time), (c) => c.text(new Date(now()).toISOString()))
  app.route('/streams', streamRoutes(desk))
  app.route('/measure', measureRoutes(encoders))
  app.route('/metrics', metricsRoutes(metrics))
  app.route('/rtmp', ingestRoutes({ admit, came: streams.came, left: streams.left, log }))
  app.get('/openapi.json', openAPIRouteHandler(app, openApi))
  return app
}

const health = describeAnswers('Whether media answers, and how many streams it has', {
  200: z.object({ status: z.literal('ok'), streams: z.int() }),
})
const time = {
  summary: 'The time by which live media is dated, for players that set their clock by it',
  responses: {
    200: {
      description: 'As ISO 8601 writes it.',
      content: { 'text/plain': { schema: { type: 'string' as const } } },
    },
  },
}
/** nginx-rtmp's calls come over the socket alone, and which requests are refused each route says itself. */
const openApi = {
  documentation: nodeDocumentation,
  exclude: /^\/rtmp\//,
  defaultValidationErrorResponse: false as const,
}
