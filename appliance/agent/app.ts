import { answerMethods } from '@sixcast/shared/runtime/answer-methods.ts'
import { answerProblems, limitBody } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { openAPIRouteHandler } from 'hono-openapi'

/** What media and this node's nginx ask the agent, over its Unix socket. */
export function agentApp(
  rooms: {
    probe: Hono
    trial: Hono
    metrics: Hono
    health: Hono
    streams: Hono
    authorize: Hono
    verdict: Hono
  },
  log: Log,
): Hono {
  const app = new Hono()
  app.use(limitBody(4 * 1024 * 1024)) // a thousand sessions with all their renditions
  answerProblems(app, log)
  answerMethods(app)
  app.route('/probe', rooms.probe)
  app.route('/trial', rooms.trial)
  app.route('/api/metrics', rooms.metrics)
  app.route('/health', rooms.health)
  app.route('/streams', rooms.streams)
  app.route('/authorize', rooms.authorize)
  app.route('/verdict', rooms.verdict)
  app.get('/openapi.json', openAPIRouteHandler(app, { documentation }))
  return app
}

const documentation = { info: { title: 'Sixcast agent of one node', version: '1' } }
