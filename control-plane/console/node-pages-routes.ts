import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { DUTIES } from '../limits/node-service.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { LiveFleet } from './live-fleet.ts'
import { nodeNow, nodePage } from './node-page.ts'
import { verdictNow, verdictPage } from './verdict-page.ts'

const DutyForm = z.object({ duty: z.enum(DUTIES) })
const RevokeForm = z.object({ name: z.string().max(300) })

/** The pages of one node. */
export const nodePagesRoutes = (dependencies: ConsoleDependencies, fleet: LiveFleet) => {
  const { fleetRegister, limits, verdictLinks, lines, nodeViews, now = () => new Date() } = dependencies

  async function nodeOf(id: string): Promise<NodeView> {
    const node = await nodeViews.find(id)
    if (!node) throw new Problem('unknown-node')
    return node
  }

  return (
    new Hono<OperatorEnv>()
      .get('/nodes/:id', async (c) => {
        const present = await fleet.read()
        const node = await nodeOf(c.req.param('id'))
        return c.html(nodePage({ ...present, node, operator: c.get('operator'), now: now() }))
      })
      .get('/nodes/:id/verdict', async (c) => {
        const node = await nodeOf(c.req.param('id'))
        return c.html(verdictPage({ node, operator: c.get('operator'), now: now() }))
      })
      // Answered without a redirect: the link is kept nowhere from which another request could show it.
      .post('/nodes/:id/verdict-link', async (c) => {
        const node = await nodeOf(c.req.param('id'))
        if (node.revokedAt) throw new Problem('unknown-node')
        const link = await verdictLinks.makeLink(node.id, 'operator')
        return c.html(verdictPage({ node, operator: c.get('operator'), now: now(), link }))
      })
      .post('/nodes/:id/verdict-link/revoke', async (c) => {
        const node = await nodeOf(c.req.param('id'))
        await verdictLinks.revokeLinks(node.id)
        return c.redirect(`/console/nodes/${node.id}/verdict`, 303)
      })
      .post('/nodes/:id/line-trial', async (c) => {
        const node = await nodeOf(c.req.param('id'))
        await lines.wantAgain(node.id)
        return c.redirect(`/console/nodes/${node.id}/verdict`, 303)
      })
      .get('/events/nodes/:id/verdict', async (c) => {
        await nodeOf(c.req.param('id'))
        return fleet.send(c, async () => verdictNow(await nodeOf(c.req.param('id')), now()))
      })
      .get('/events/nodes/:id', async (c) => {
        await nodeOf(c.req.param('id'))
        return fleet.send(c, async (present) =>
          nodeNow({ ...present, node: await nodeOf(c.req.param('id')), now: now() }),
        )
      })
      .post('/nodes/:id/duty', accept('form', DutyForm), async (c) => {
        const node = await nodeOf(c.req.param('id'))
        await limits.setDuty(node.id, c.req.valid('form').duty)
        return c.redirect(`/console/nodes/${node.id}`, 303)
      })
      .post('/nodes/:id/revoke', accept('form', RevokeForm), async (c) => {
        const present = await fleet.read()
        const node = await nodeOf(c.req.param('id'))
        if (c.req.valid('form').name.trim() !== node.name) {
          const problem = `That was not “${node.name}”. Nothing was changed.`
          return c.html(nodePage({ ...present, node, operator: c.get('operator'), now: now(), problem }), 400)
        }
        await fleetRegister.revokeNode(node.id)
        return c.redirect('/console/nodes', 303)
      })
  )
}
