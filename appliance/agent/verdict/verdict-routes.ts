import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type * as z from 'zod'

export const verdictRoutes = (ask: () => Promise<Verdict>, link: () => Promise<VerdictLink>) =>
  new Hono()
    .get(
      '/',
      describe('Whether viewers outside reach this node, as the control plane has found', Verdict),
      async (c) => c.json(await ask()),
    )
    .get(
      '/link',
      describe('Where that is read on a phone, by whoever knows the address, for a day', VerdictLink),
      async (c) => c.json(await link()),
    )

const describe = (summary: string, schema: z.ZodType) =>
  describeRoute({
    summary,
    responses: {
      200: { description: 'As it is told', content: { 'application/json': { schema: resolver(schema) } } },
      404: { description: '`not-found`: the control plane knows nothing of that' },
      503: { description: '`unavailable`: it cannot be asked now' },
    },
  })
