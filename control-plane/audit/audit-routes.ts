import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { AuditTrail } from './audit-trail.ts'

type Dependencies = { audit: AuditTrail; login: Pick<OperatorLogin, 'requireApiOperator'> }

export const AuditQuery = z.object({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  who: z.string().max(110).optional(),
  deed: z.string().max(50).optional(),
  subject: z.string().max(200).optional(),
})

export const auditRoutes = ({ audit, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/audit', login.requireApiOperator)
    .get('/v1/audit', describe, accept('query', AuditQuery), async (c) => {
      const { before, ...query } = c.req.valid('query')
      return c.json(await audit.read({ ...query, ...(before !== undefined && { before }) }))
    })

const describe = describeAnswers({
  summary: 'Who did what, the latest first: by who, deed or subject; before=NUMBER leads to earlier ones',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in'],
})
