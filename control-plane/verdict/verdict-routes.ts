import { NodeId } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { OperatorLogin } from '../operators/operator-login.ts'
import { nodeOrOperator } from './verdict-askers.ts'
import { verdictOf } from './verdict-of.ts'

type Dependencies = {
  nodeViews: { find: (nodeId: string) => Promise<NodeView | undefined> }
  signed: SignedRequests
  login: Pick<OperatorLogin, 'letInApi'>
  now?: () => Date
}

/** For a node about itself, and for operators about any. */
export const verdictRoutes = ({ nodeViews, signed, login, now = () => new Date() }: Dependencies) =>
  new Hono<SignedEnv>().get(
    '/v1/nodes/:id/verdict',
    describe,
    nodeOrOperator(signed, login),
    accept('param', z.object({ id: NodeId })),
    async (c) => {
      const node = await nodeViews.find(c.req.valid('param').id)
      if (!node) throw new Problem('unknown-node')
      c.header('cache-control', 'no-store')
      return c.json(verdictOf(node, now()) satisfies Verdict)
    },
  )

const describe = describeAnswers({
  summary:
    'Whether viewers outside reach a node, and if not, why; for the node itself, or with the session of an operator',
  tag: 'node',
  ok: Verdict,
  problems: [...SIGNED_PROBLEMS, 'not-logged-in'],
})
