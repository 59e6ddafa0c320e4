import { answerProblems, limitBody } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { openAPIRouteHandler } from 'hono-openapi'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import { recogniseDatabaseAway } from './database/database-away.ts'
import { enrolmentRoutes } from './enrolment/enrolment-routes.ts'
import { healthRoutes } from './health-routes.ts'
import type { Link } from './link/link.ts'
import { mqttAuthRoutes } from './link/mqtt-auth-routes.ts'
import { heartbeatRoutes } from './nodes/heartbeat-routes.ts'
import { signedRequests } from './nodes/signed-requests.ts'
import { refusalLimit } from './refusal-limit.ts'
import type { Rooms } from './rooms.ts'
import { authorizeRoutes } from './streams/authorize-routes.ts'
import { streamRoutes } from './streams/stream-routes.ts'

type Dependencies = {
  db: Database
  rooms: Rooms
  config: Pick<Config, 'rhythm' | 'publicUrl' | 'relayPort'>
  link: Pick<Link, 'accessFor' | 'rights'>
  /** A node has come (back), or asks to be found elsewhere. */
  appeared: (nodeId: string) => void
  log: Log
}

/** Mounts the rooms, one line each. */
export function controlPlaneApp({ db, rooms, config, link, appeared, log }: Dependencies) {
  const app = new Hono()
  const signed = signedRequests(rooms)
  const limit = refusalLimit({ refusals: 30, perMs: 60_000 })
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
  app.get('/openapi.json', openAPIRouteHandler(app, { documentation }))
  return app
}

const documentation = { info: { title: 'Sixcast control plane', version: '1' } }
