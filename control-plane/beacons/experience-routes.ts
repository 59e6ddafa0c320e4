import { NodeId, StreamName } from '@sixcast/shared/contract/names.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import { leadsTo } from '../steering/pathway-id.ts'
import type { BeaconRepository } from './beacon-repository.ts'
import { experienceOf } from './experience.ts'

type Dependencies = {
  experiences: Pick<BeaconRepository, 'listSince'>
  login: Pick<OperatorLogin, 'requireApiOperator'>
  now?: () => Date
}

const HOUR_MS = 3_600_000

/** What viewers met with in the last hour: of all, of one stream, by one node. */
export const experienceRoutes = ({ experiences, login, now = () => new Date() }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/experience', login.requireApiOperator)
    .get('/v1/experience', describe, accept('query', Asked), async (c) => {
      const { stream, node } = c.req.valid('query')
      const since = new Date(now().getTime() - HOUR_MS)
      const counts = (await experiences.listSince(since)).filter(
        (each) =>
          (stream === undefined || each.stream === stream) &&
          (node === undefined || leadsTo(each.pathway, node)),
      )
      c.header('cache-control', 'no-store')
      return c.json({ since, ...experienceOf(counts) })
    })

const Asked = z.object({ stream: StreamName.optional(), node: NodeId.optional() })

const describe = describeAnswers({
  summary:
    'What viewers met with in the last hour, as their players told: joins, stalls, failures by pathway',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in'],
})
