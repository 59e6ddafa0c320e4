import { answerProblems, limitBody } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { openAPIRouteHandler } from 'hono-openapi'
import type { Config } from './config.ts'
import { consoleRoutes } from './console/console-routes.ts'
import type { Database } from './database/database.ts'
import { recogniseDatabaseAway } from './database/database-away.ts'
import { enrolmentRoutes } from './enrolment/enrolment-routes.ts'
import { healthRoutes } from './health-routes.ts'
import type { Link } from './link/link.ts'
import { mqttAuthRoutes } from './link/mqtt-auth-routes.ts'
import { look } from './look/look.ts'
import { heartbeatRoutes } from './nodes/heartbeat-routes.ts'
import { signedRequests } from './nodes/signed-requests.ts'
import { operatorLogin } from './operators/operator-login.ts'
import { refusalLimit } from './refusal-limit.ts'
import type { Rooms } from './rooms.ts'
import { authorizeRoutes } from './streams/authorize-routes.ts'
import { streamRoutes } from './streams/stream-routes.ts'
import { viewerRoutes } from './viewer/viewer-routes.ts'

type Dependencies = {
  db: Database
  rooms: Rooms
  config: Pick<Config, 'rhythm' | 'publicUrl' | 'relayPort'>
  link: Pick<Link, 'accessFor' | 'rights'>
  /** A node has come (back), or asks to be found elsewhere. */
  appeared: (nodeId: string) => void
  log: Log
  /** Told what went wrong where nobody waits for an answer. */
  report: (error: unknown) => void
}

/** Mounts the rooms, one line each. */
export function controlPlaneApp({ db, rooms, config, link, appeared, log, report }: Dependencies) {
  const app = new Hono()
  const signed = signedRequests(rooms)
  const limit = refusalLimit({ refusals: 30, perMs: 60_000 })
  const logins = refusalLimit({ refusals: 10, perMs: 5 * 60_000 })
  const login = operatorLogin({ ...rooms, ...config, limit: logins })
  const failures = { report, recognise: recogniseDatabaseAway }
  answerProblems(app, log, recogniseDatabaseAway)
  app.use(limitBody())
  app.route('/', healthRoutes({ db }))
  app.route('/', enrolmentRoutes(rooms))
  app.route(
    '/',
    heartbeatRoutes({ ...rooms, signed, rhythm: config.rhythm, mqttFor: link.accessFor, appeared }),
  )
  app.route('/', streamRoutes({ ...rooms, signed }))
  app.route('/', authorizeRoutes({ ...rooms, limit, log }))
  app.route('/', mqttAuthRoutes(link))
  app.route('/', look.routes)
  app.route('/', viewerRoutes({ ...rooms, ...config, ...failures }))
  app.route('/', consoleRoutes({ ...rooms, login, ...failures }))
  app.get('/openapi.json', openAPIRouteHandler(app, { documentation, exclude: /^\/console/ }))
  return app
}

const documentation = { info: { title: 'Sixcast control plane', version: '1' } }
