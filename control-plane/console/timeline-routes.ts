import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { timeline } from './timeline.ts'
import { timelinePage } from './timeline-page.ts'

type Dependencies = Pick<ConsoleDependencies, 'happeningRows' | 'audit' | 'nodeViews' | 'now'>

const MOST = 100
const Asked = z.object({ before: z.iso.datetime().optional().catch(undefined) })

/** What has happened to one node. */
export const timelineRoutes = ({ happeningRows, audit, nodeViews, now = () => new Date() }: Dependencies) =>
  new Hono<OperatorEnv>().get('/nodes/:id/timeline', accept('query', Asked), async (c) => {
    const node = await nodeViews.find(c.req.param('id'))
    if (!node) throw new Problem('unknown-node')
    const { before } = c.req.valid('query')
    const until = before ? new Date(before) : new Date(now().getTime() + 1000)
    const [happened, done] = await Promise.all([
      happeningRows.listBetween(node.id, new Date(0), until, MOST + 1),
      audit.readOf(`node ${node.id}`, until, MOST + 1),
    ])
    return c.html(timelinePage({ node, ...timeline(happened, done, MOST), operator: c.get('operator') }))
  })
