import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { readSetting, SETTINGS } from '../configuration/setting-words.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { ordersPage } from './orders-page.ts'
import { refusalOf } from './refusal-of.ts'

const SettingsForm = z.object({ basedOn: z.coerce.number().int().min(0) }).catchall(z.string().max(2000))
const CommandForm = z.object({ name: z.string().max(50), unit: z.string().max(50).optional() })
const RollbackForm = z.object({ version: z.coerce.number().int().min(0) })

export function ordersPagesRoutes({
  configurations,
  commands,
  nodeViews,
  now = () => new Date(),
}: ConsoleDependencies) {
  async function page(
    c: Context<OperatorEnv>,
    more: { typed?: Record<string, string>; problem?: string } = {},
  ) {
    const id = c.req.param('id') ?? ''
    const node = await nodeViews.find(id)
    if (!node) throw new Problem('unknown-node')
    const [configuration, told] = await Promise.all([configurations.read(id), commands.list(id)])
    return ordersPage({
      node,
      configuration,
      commands: told,
      operator: c.get('operator'),
      now: now(),
      ...more,
    })
  }
  const back = (c: Context<OperatorEnv>) => c.redirect(`/console/nodes/${c.req.param('id')}/orders`, 303)

  return new Hono<OperatorEnv>()
    .get('/nodes/:id/orders', async (c) => c.html(await page(c)))
    .post('/nodes/:id/configuration', accept('form', SettingsForm), async (c) => {
      const { basedOn, ...typed } = c.req.valid('form')
      const settings = Object.fromEntries(
        SETTINGS.map((name) => [name, readSetting(name, typed[name] ?? '')]),
      )
      const { operator } = c.get('operator')
      const problem = await refusalOf(configurations.save(c.req.param('id'), { basedOn, settings }, operator))
      return problem ? c.html(await page(c, { typed, problem: problem.message }), problem.status) : back(c)
    })
    .post('/nodes/:id/rollback', accept('form', RollbackForm), async (c) => {
      await configurations.rollBack(
        c.req.param('id'),
        c.req.valid('form').version,
        c.get('operator').operator,
      )
      return back(c)
    })
    .post('/nodes/:id/commands', accept('form', CommandForm), async (c) => {
      await commands.ask(c.req.param('id'), c.req.valid('form'), c.get('operator').operator)
      return back(c)
    })
}
