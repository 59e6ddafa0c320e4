import { Hono } from 'hono'
import { sql } from 'kysely'
import * as z from 'zod'
import type { Database } from './database/database.ts'
import { describeAnswers } from './describe-answers.ts'

const Health = z.object({ status: z.literal('ok') })

export const healthRoutes = ({ db }: { db: Database }) =>
  new Hono().get('/health', describe, async (c) => {
    await sql`select 1`.execute(db)
    return c.json({ status: 'ok' } satisfies z.infer<typeof Health>)
  })

const describe = describeAnswers({
  summary: 'Does the control plane stand, with its database?',
  tag: 'public',
  ok: Health,
  problems: [],
})
