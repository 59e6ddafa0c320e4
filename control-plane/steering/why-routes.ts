import { StreamName } from '@sixcast/shared/contract/names.ts'
import { PathwayId } from '@sixcast/shared/contract/steering.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { canonicalAddress } from '../addresses/addresses.ts'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { PathwayChoice } from './pathway-choice.ts'
import type { Candidate } from './rank-pathways.ts'
import { RULES } from './rank-rules.ts'
import { PathwayList } from './steering-ticket.ts'

type Dependencies = { choice: PathwayChoice; login: Pick<OperatorLogin, 'requireApiOperator'> }

/** Why a viewer is sent where he is sent, with all that was known: for operators, since it names nodes and addresses. */
export const whyRoutes = ({ choice, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/why/:stream', neverKept, login.requireApiOperator)
    .get('/v1/why/:stream', describe, accept('param', Named), accept('query', Asked), async (c) => {
      const { address, from, viewer = '', pathway, six, exclude = [] } = c.req.valid('query')
      const viewing = {
        address: canonicalAddress(address ?? sourceAddress(c)),
        requestHost: from ?? new URL(c.req.url).hostname,
        viewer,
        present: pathway,
        six: six === '1',
        exclude,
      }
      const { stream, candidates } = await choice.explain(c.req.valid('param').stream, viewing)
      const { name, state, session } = stream
      return c.json({ stream: name, state, session, viewing, candidates: candidates.map(explained) })
    })

const Named = z.object({ stream: StreamName })

/** Who is asked about; without these, whoever asks. */
const Asked = z.object({
  address: z.union([z.ipv4(), z.ipv6()]).optional(),
  /** The host in the address of his page. */
  from: z
    .string()
    .regex(/^[A-Za-z0-9.:[\]-]{1,255}$/)
    .optional(),
  /** As it stands in his steering URL: it decides the lot. */
  viewer: z.string().max(40).optional(),
  /** The one he plays from. */
  pathway: PathwayId.optional(),
  six: z.enum(['0', '1']).optional(),
  exclude: PathwayList.optional(),
})

const neverKept = createMiddleware((c, next) => {
  c.header('cache-control', 'no-store')
  return next()
})

const explained = ({ copy, ranks, ...way }: Candidate) => ({
  ...way,
  ...copy,
  ...(ranks && { ranks: Object.fromEntries(RULES.map(({ name }, at) => [name, ranks[at]])) }),
})

const describe = describeAnswers({
  summary:
    'Why a viewer of a live stream is sent where he is sent: each way, what was known of it, and the reason',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in', 'unknown-stream', 'not-live'],
})
