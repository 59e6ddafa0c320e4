import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept, problemOf } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { pageSecurity } from '../look/page-security.ts'
import { wantsPage } from '../look/wants-page.ts'
import type { OperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import { alertPagesRoutes, incidentPagesRoutes } from './alert-pages-routes.ts'
import { auditPage } from './audit-page.ts'
import { channelPagesRoutes } from './channel-pages-routes.ts'
import { chartsRoutes } from './charts-routes.ts'
import { claimPagesRoutes } from './claim-pages-routes.ts'
import { consoleAssets } from './console-assets.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { fleetPagesRoutes } from './fleet-pages-routes.ts'
import { liveFleet } from './live-fleet.ts'
import { loginPage } from './login-page.ts'
import { meRoutes } from './me-routes.ts'
import { measurementsRoutes } from './measurements-routes.ts'
import { nodePagesRoutes } from './node-pages-routes.ts'
import { ordersPagesRoutes } from './orders-pages-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { problemPage } from './problem-page.ts'
import { streamEventsRoutes, streamPagesRoutes } from './stream-pages-routes.ts'
import { timelineRoutes } from './timeline-routes.ts'
import { viewersRoutes } from './viewers-routes.ts'

/** The operator's pages. Forms work without script; with it, what stands on a page keeps itself fresh. */
export function consoleRoutes(dependencies: ConsoleDependencies) {
  const { login, report, recognise } = dependencies
  const fleet = liveFleet(dependencies)
  const guarded = new Hono<OperatorEnv>()
    .use(login.requireOperator)
    .route('/', fleetPagesRoutes(dependencies, fleet))
    .route('/', claimPagesRoutes(dependencies, fleet))
    .route('/', nodePagesRoutes(dependencies, fleet))
    .route('/', chartsRoutes(dependencies))
    .route('/', timelineRoutes(dependencies))
    .route('/', measurementsRoutes(dependencies))
    .route('/', ordersPagesRoutes(dependencies))
    .route('/', viewersRoutes(dependencies, fleet))
    .route('/', peopleRoutes(dependencies))
    .route('/', meRoutes(dependencies))
    .route('/', alertPagesRoutes(dependencies))
    .route('/', channelPagesRoutes(dependencies))
    .route('/', incidentPagesRoutes(dependencies))
    .get('/record', accept('query', RecordQuery), async (c) => {
      const read = await dependencies.audit.read(c.req.valid('query'))
      return c.html(auditPage({ ...read, operator: c.get('operator') }))
    })
    .route('/', streamEventsRoutes(dependencies, fleet))
    .route('/streams', streamPagesRoutes(dependencies, fleet))
    .all('*', () => {
      throw new Problem('not-found')
    })

  const pages = new Hono()
    .use(pageSecurity(), neverStored, login.requireOwnOrigin)
    .route('/', loginRoutes(login))
    .route('/', guarded)
  pages.onError((error, c) => {
    const problem = recognise(error) ?? problemOf(error)
    if (problem.code === 'bug') report(error)
    if (!wantsPage(c)) return c.json(problem.body(), problem.status)
    return c.html(problemPage(problem), problem.status)
  })
  return new Hono().route('/', consoleAssets.routes).route('/console', pages)
}

const RecordQuery = z.object({ before: z.coerce.number().int().min(1).default(Number.MAX_SAFE_INTEGER) })

const LoginForm = z.object({ name: z.string().max(50), password: z.string().max(1000) })

const loginRoutes = (login: OperatorLogin) =>
  new Hono()
    .get('/login', async (c) =>
      (await login.session(c)) ? c.redirect('/console', 303) : c.html(loginPage()),
    )
    .post('/login', accept('form', LoginForm), async (c) => {
      const { name, password } = c.req.valid('form')
      if (await login.login(c, name, password)) return c.redirect('/console', 303)
      return c.html(loginPage({ name, problem: 'Name and password do not belong together.' }), 401)
    })
    .post('/logout', login.requireOperator, async (c) => {
      await login.logout(c)
      return c.redirect('/console/login', 303)
    })

/** Neither secrets that are shown once nor the state of the fleet belong into a cache. */
const neverStored = createMiddleware(async (c, next) => {
  await next()
  c.header('cache-control', 'no-store')
})
