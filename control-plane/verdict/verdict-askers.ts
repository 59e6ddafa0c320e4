import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Context, MiddlewareHandler } from 'hono'
import type { SignedEnv, SignedRequests } from '../nodes/signed-requests.ts'
import type { OperatorLogin } from '../operators/operator-login.ts'

/** Lets the node itself through, which signs, and any operator whose role, and whose token, allows it. */
export const nodeOrOperator =
  (signed: SignedRequests, login: Pick<OperatorLogin, 'letInApi'>): MiddlewareHandler<SignedEnv> =>
  async (c, next) => {
    if (c.req.header('sixcast-node') === undefined) return login.letInApi(c, next)
    return signed(c, async () => {
      mindOwnBusiness(c)
      await next()
    })
  }

/** What keeps a node from its viewers says much about the network it stands in. */
function mindOwnBusiness(c: Context<SignedEnv>) {
  if (c.req.param('id') !== c.get('caller').nodeId)
    throw new Problem('unknown-node', 'A node is told of itself alone.')
}
