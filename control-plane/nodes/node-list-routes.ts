import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { NodeBrief } from './node-brief.ts'
import { NodeQuery, SHOWN, SORTS, selectNodes } from './node-list.ts'
import type { NodeView } from './node-view.ts'

type Dependencies = {
  nodeBriefs: { list: () => Promise<NodeBrief[]> }
  nodeViews: { findEach: (ids: string[]) => Promise<NodeView[]> }
  login: Pick<OperatorLogin, 'requireApiOperator'>
}

/** The nodes as the console lists them, for operators' programs. */
export const nodeListRoutes = ({ nodeBriefs, nodeViews, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/nodes', login.requireApiOperator)
    .get('/v1/nodes', describe, accept('query', NodeQuery), async (c) => {
      const briefs = await nodeBriefs.list()
      const { ids, ...counted } = selectNodes(briefs, c.req.valid('query'))
      const kinds = new Map(briefs.map(({ id, kind }) => [id, kind]))
      const views = await nodeViews.findEach(ids)
      return c.json({ nodes: views.map((node) => ({ ...node, kind: kinds.get(node.id) })), ...counted })
    })

const Listed = z.looseObject({ id: z.string(), name: z.string(), kind: z.string() })

const describe = describeAnswers({
  summary:
    'The nodes, fifty on a page, each with its kind (how it does, in a word) and all that the console shows of it',
  tag: 'operator',
  ok: z.object({ nodes: z.array(Listed), total: z.number(), page: z.number(), pages: z.number() }),
  problems: ['bad-request', 'not-logged-in'],
  query: {
    q: 'a part of name, id, address, stream or release',
    show: SHOWN.join(', '),
    sort: SORTS.join(', '),
    page: 'from 1',
  },
})
