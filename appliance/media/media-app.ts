import { answerProblems, limitBody } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import { ingestRoutes } from './ingest/ingest-routes.ts'
import type { PublishCall } from './ingest/publish-call.ts'
import type { LiveStreams } from './streams/live-streams.ts'
import { streamRoutes } from './streams/stream-routes.ts'

type Dependencies = { streams: LiveStreams; admit: (call: PublishCall) => Promise<void>; log: Log }

export function mediaApp({ streams, admit, log }: Dependencies): Hono {
  const app = new Hono()
  answerProblems(app, log)
  app.use(limitBody())
  app.get('/health', describeRoute({ description: 'Whether media answers.' }), (c) =>
    c.json({ status: 'ok', streams: streams.list().length }),
  )
  app.route('/streams', streamRoutes(streams))
  app.route('/rtmp', ingestRoutes({ admit, came: streams.came, left: streams.left, log }))
  return app
}
