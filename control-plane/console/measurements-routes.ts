import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { SERIES } from '../history/series.ts'
import { sizeForecast } from '../history/size-forecast.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { measurementsPage, nodeRulePage, type TypedRule } from './measurements-page.ts'
import { refusalOf } from './refusal-of.ts'

type Dependencies = Pick<ConsoleDependencies, 'pullDesk' | 'partitions' | 'nodeBriefs' | 'nodeViews' | 'now'>

const text = z.string().trim().max(100).default('')
const RuleForm = z.object({
  how: z.enum(['fleet', 'pulled', 'pushed']),
  ...{ seconds: text, address: text, port: text },
  series: z
    .union([z.string().max(50), z.array(z.string().max(50)).max(50)])
    .default([])
    .transform((series) => [series].flat()),
})

/** How the measurements of nodes are come by. */
export function measurementsRoutes({
  pullDesk,
  partitions,
  nodeBriefs,
  nodeViews,
  now = () => new Date(),
}: Dependencies) {
  type More = { typed?: TypedRule; problem?: string }

  async function fleetPage(c: Context<OperatorEnv>, more: More = {}) {
    const [said, sizes, nodes] = await Promise.all([pullDesk.read(), partitions.sizes(), nodeBriefs.list()])
    const present = nodes.filter(({ kind }) => kind !== 'retired').length
    return measurementsPage({
      ...{ said, nodes, operator: c.get('operator'), now: now() },
      sizes: sizeForecast(sizes, present),
      ...more,
    })
  }

  async function nodeOf(c: Context<OperatorEnv>) {
    const node = await nodeViews.find(c.req.param('id') ?? '')
    if (!node || node.revokedAt) throw new Problem('unknown-node')
    return node
  }

  return new Hono<OperatorEnv>()
    .get('/measurements', async (c) => c.html(await fleetPage(c)))
    .post('/measurements', accept('form', RuleForm), async (c) => {
      const typed = c.req.valid('form')
      const problem = await refusalOf(pullDesk.setFleetRule(ruleOf(typed)))
      if (problem) return c.html(await fleetPage(c, { typed, problem: problem.message }), problem.status)
      return c.redirect('/console/measurements', 303)
    })
    .get('/nodes/:id/measurements', async (c) => {
      const node = await nodeOf(c)
      return c.html(nodeRulePage({ node, said: await pullDesk.read(), operator: c.get('operator') }))
    })
    .post('/nodes/:id/measurements', accept('form', RuleForm), async (c) => {
      const [node, typed] = [await nodeOf(c), c.req.valid('form')]
      const problem = await refusalOf(
        pullDesk.setRule(node.id, typed.how === 'fleet' ? undefined : ruleOf(typed)),
      )
      if (!problem) return c.redirect(`/console/nodes/${node.id}/measurements`, 303)
      const page = {
        node,
        typed,
        problem: problem.message,
        said: await pullDesk.read(),
        operator: c.get('operator'),
      }
      return c.html(nodeRulePage(page), problem.status)
    })
}

/** What can be wrong with it the desk says. All values and each one are the same. */
const ruleOf = ({ how, address, port, seconds, series }: TypedRule) => ({
  pulled: how === 'pulled',
  seconds: Number(seconds),
  ...(address && { address }),
  ...(port && { port: Number(port) }),
  ...(series.length < SERIES.length && { series }),
})
