import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'

export const verdictRoutes = (ask: () => Promise<Verdict>) =>
  new Hono().get(
    '/',
    describeRoute({
      summary: 'Whether viewers outside reach this node, as the control plane has found',
      responses: {
        200: { description: 'The verdict', content: { 'application/json': { schema: resolver(Verdict) } } },
        404: { description: '`not-found`: the control plane gives no verdicts' },
        503: { description: '`unavailable`: it cannot be asked now' },
      },
    }),
    async (c) => c.json(await ask()),
  )
