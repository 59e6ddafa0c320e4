import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import { AgentHealth } from './agent-health.ts'

export const healthRoutes = (health: () => AgentHealth) =>
  new Hono().get(
    '/',
    describeRoute({
      summary: 'Where this node stands with its fleet',
      responses: {
        200: {
          description: 'The agent runs',
          content: { 'application/json': { schema: resolver(AgentHealth) } },
        },
      },
    }),
    (c) => c.json(health()),
  )
