import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { HealthRepository } from './health-repository.ts'

const Health = z.object({ status: z.literal('ok') })

export const healthRoutes = ({ health }: { health: HealthRepository }) =>
  new Hono().get('/health', describe, async (c) => {
    await health.ask()
    return c.json({ status: 'ok' } satisfies z.infer<typeof Health>)
  })

const describe = describeAnswers({
  summary: 'Does the control plane stand, with its database?',
  tag: 'public',
  ok: Health,
  problems: [],
})
