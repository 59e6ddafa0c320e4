import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { sendChanges } from '../look/send-changes.ts'
import { sharedReading } from '../look/shared-reading.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import { alertRulesPage } from './alert-rules-page.ts'
import { alertsNow, alertsPage } from './alerts-page.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { incidentNow, incidentPage } from './incident-page.ts'
import { EVENTS_MS } from './live-fleet.ts'
import { refusalOf } from './refusal-of.ts'

const ruleName = z.string().max(40)
const figure = z.union([z.literal('').transform(() => undefined), z.coerce.number()]).optional()
const RuleForm = z.object({
  enabled: z
    .literal('on')
    .optional()
    .transform((on) => on !== undefined),
  threshold: figure,
  forSeconds: figure,
})
const SilenceForm = z.object({
  /** all, or what it is of and which. */
  of: z
    .string()
    .max(80)
    .transform((of) => of.split(' ')),
  hours: figure,
  reason: z.string().max(1000).default(''),
})

/** What is open, what was, and the rules. */
export function alertPagesRoutes(dependencies: ConsoleDependencies) {
  const { alertDesk, report, readEveryMs = 2000, now = () => new Date() } = dependencies
  const changes = sharedReading({ read: alertDesk.board, everyMs: readEveryMs, report })

  const page = async (c: Context<OperatorEnv>, problem?: string) =>
    alertsPage({ board: await alertDesk.board(), operator: c.get('operator'), now: now(), problem })
  const rules = async (c: Context<OperatorEnv>, problem?: { name: string; words: string }) =>
    alertRulesPage({ rules: await alertDesk.listRules(), operator: c.get('operator'), problem })
  const silence = ({ of: [scope = '', scopeId = ''], hours, reason }: z.infer<typeof SilenceForm>) =>
    alertDesk.silence({ scope, scopeId, ...(hours !== undefined && { hours }), reason })

  return new Hono<OperatorEnv>()
    .get('/alerts', async (c) => c.html(await page(c)))
    .get('/events/alerts', (c) =>
      sendChanges(c, {
        ...{ of: changes, report, longestMs: EVENTS_MS },
        render: async (board) => String(await alertsNow(board, now())),
      }),
    )
    .post('/alerts/silences', accept('form', SilenceForm), async (c) => {
      const problem = await refusalOf(silence(c.req.valid('form')))
      if (problem) return c.html(await page(c, problem.message), problem.status)
      return c.redirect('/console/alerts', 303)
    })
    .post('/alerts/silences/:id/lift', async (c) => {
      await alertDesk.liftSilence(c.req.param('id'))
      return c.redirect('/console/alerts', 303)
    })
    .get('/alerts/rules', async (c) => c.html(await rules(c)))
    .post('/alerts/rules/:rule', accept('form', RuleForm), async (c) => {
      const { enabled, threshold, forSeconds } = c.req.valid('form')
      const name = ruleName.parse(c.req.param('rule'))
      const choice = {
        enabled,
        ...(threshold !== undefined && { threshold }),
        ...(forSeconds !== undefined && { forSeconds }),
      }
      const problem = await refusalOf(alertDesk.saveRule(name, choice))
      if (problem?.code === 'bad-request')
        return c.html(await rules(c, { name, words: problem.message }), problem.status)
      if (problem) throw problem
      return c.redirect('/console/alerts/rules', 303)
    })
    .post('/alerts/rules/:rule/reset', async (c) => {
      await alertDesk.resetRule(c.req.param('rule'))
      return c.redirect('/console/alerts/rules', 303)
    })
}

const IncidentId = z.object({ id: z.string().regex(/^[0-9a-f]{12}$/) })

/** The pages of one incident: after all others under its path. */
export function incidentPagesRoutes(dependencies: ConsoleDependencies) {
  const { alertDesk, report, readEveryMs = 2000, now = () => new Date() } = dependencies
  const changes = sharedReading({ read: async () => undefined, everyMs: readEveryMs, report })

  return new Hono<OperatorEnv>()
    .get('/alerts/:id', accept('param', IncidentId), async (c) => {
      const found = await alertDesk.find(c.req.valid('param').id)
      return c.html(incidentPage({ ...found, operator: c.get('operator'), now: now() }))
    })
    .get('/events/alerts/:id', accept('param', IncidentId), async (c) => {
      const { id } = c.req.valid('param')
      await alertDesk.find(id)
      return sendChanges(c, {
        ...{ of: changes, report, longestMs: EVENTS_MS },
        render: async () => String(await incidentNow({ ...(await alertDesk.find(id)), now: now() })),
      })
    })
    .post('/alerts/:id/acknowledge', accept('param', IncidentId), async (c) => {
      const { id } = c.req.valid('param')
      await alertDesk.acknowledge(id)
      return c.redirect(`/console/alerts/${id}`, 303)
    })
    .post('/alerts/:id/silence', accept('param', IncidentId), accept('form', SilenceForm), async (c) => {
      const { of, hours, reason } = c.req.valid('form')
      const [scope = '', scopeId = ''] = of
      await alertDesk.silence({ scope, scopeId, ...(hours !== undefined && { hours }), reason })
      return c.redirect(`/console/alerts/${c.req.valid('param').id}`, 303)
    })
}
