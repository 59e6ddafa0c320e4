import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { DUTIES } from '../limits/node-service.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import { claimHours, madeClaimPage, newClaimPage } from './claim-page.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { Fleet } from './fleet-words.ts'
import type { LiveFleet } from './live-fleet.ts'
import { nodeNow, nodePage } from './node-page.ts'
import { nodesNow, nodesPage } from './nodes-page.ts'
import { verdictNow, verdictPage } from './verdict-page.ts'

const ClaimForm = z.object({ hours: z.enum(claimHours.map(([hours]) => hours)).transform(Number) })
const DutyForm = z.object({ duty: z.enum(DUTIES) })
const RevokeForm = z.object({ name: z.string().max(300) })

export const nodePagesRoutes = (
  { fleetRegister, limits, verdictLinks, lines, enrolment, now = () => new Date() }: ConsoleDependencies,
  fleet: LiveFleet,
) =>
  new Hono<OperatorEnv>()
    .get('/', async (c) => c.html(nodesPage(await fleet.read(), c.get('operator'), now())))
    .get('/events/nodes', (c) => fleet.send(c, (present) => nodesNow(present, now())))
    .get('/claims', (c) => c.html(newClaimPage(c.get('operator'))))
    // Answered without a redirect: the claim is kept nowhere from which another request could show it.
    .post('/claims', accept('form', ClaimForm), async (c) => {
      const made = await enrolment.createClaim(c.req.valid('form'))
      return c.html(madeClaimPage(made, c.get('operator')))
    })
    .get('/nodes/:id', async (c) => {
      const present = await fleet.read()
      const node = nodeOf(present, c.req.param('id'))
      return c.html(nodePage({ ...present, node, operator: c.get('operator'), now: now() }))
    })
    .get('/nodes/:id/verdict', async (c) => {
      const node = nodeOf(await fleet.read(), c.req.param('id'))
      return c.html(verdictPage({ node, operator: c.get('operator'), now: now() }))
    })
    // Answered without a redirect: the link is kept nowhere from which another request could show it.
    .post('/nodes/:id/verdict-link', async (c) => {
      const node = nodeOf(await fleet.read(), c.req.param('id'))
      if (node.revokedAt) throw new Problem('unknown-node')
      const link = await verdictLinks.makeLink(node.id, 'operator')
      return c.html(verdictPage({ node, operator: c.get('operator'), now: now(), link }))
    })
    .post('/nodes/:id/verdict-link/revoke', async (c) => {
      const node = nodeOf(await fleet.read(), c.req.param('id'))
      await verdictLinks.revokeLinks(node.id)
      return c.redirect(`/console/nodes/${node.id}/verdict`, 303)
    })
    .post('/nodes/:id/line-trial', async (c) => {
      const node = nodeOf(await fleet.read(), c.req.param('id'))
      await lines.wantAgain(node.id)
      return c.redirect(`/console/nodes/${node.id}/verdict`, 303)
    })
    .get('/events/nodes/:id/verdict', async (c) => {
      nodeOf(await fleet.read(), c.req.param('id'))
      return fleet.send(c, (present) => verdictNow(nodeOf(present, c.req.param('id')), now()))
    })
    .get('/events/nodes/:id', async (c) => {
      nodeOf(await fleet.read(), c.req.param('id'))
      return fleet.send(c, (present) =>
        nodeNow({ ...present, node: nodeOf(present, c.req.param('id')), now: now() }),
      )
    })
    .post('/nodes/:id/duty', accept('form', DutyForm), async (c) => {
      const node = nodeOf(await fleet.read(), c.req.param('id'))
      await limits.setDuty(node.id, c.req.valid('form').duty)
      return c.redirect(`/console/nodes/${node.id}`, 303)
    })
    .post('/nodes/:id/revoke', accept('form', RevokeForm), async (c) => {
      const present = await fleet.read()
      const node = nodeOf(present, c.req.param('id'))
      if (c.req.valid('form').name.trim() !== node.name) {
        const problem = `That was not “${node.name}”. Nothing was changed.`
        return c.html(nodePage({ ...present, node, operator: c.get('operator'), now: now(), problem }), 400)
      }
      await fleetRegister.revokeNode(node.id)
      return c.redirect('/console', 303)
    })

function nodeOf({ nodes }: Fleet, id: string) {
  const node = nodes.find((one) => one.id === id)
  if (!node) throw new Problem('unknown-node')
  return node
}
