import { Duty } from '@sixcast/shared/contract/configuration.ts'
import { NodeId } from '@sixcast/shared/contract/names.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { NodeLimiting } from './node-limits.ts'

type Dependencies = {
  limits: Pick<NodeLimiting, 'setDuty'>
  login: Pick<OperatorLogin, 'requireApiOperator'>
}

/** What an operator has a node do: scripts say it here, people in the console. */
export const dutyRoutes = ({ limits, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>().put(
    '/v1/nodes/:id/duty',
    describe,
    login.requireApiOperator,
    accept('param', Named),
    accept('json', Ordered),
    async (c) => {
      const { id } = c.req.valid('param')
      const { duty } = c.req.valid('json')
      await limits.setDuty(id, duty)
      return c.json({ nodeId: id, duty })
    },
  )

const Named = z.object({ id: NodeId })
const Ordered = z.object({ duty: Duty })

const describe = describeAnswers({
  summary:
    'What a node is to do: serve, take no new viewers and lose those it has (draining), or be worked on (maintenance)',
  tag: 'operator',
  ok: z.object({ nodeId: NodeId, duty: Duty }),
  problems: ['bad-request', 'not-logged-in', 'unknown-node'],
})
