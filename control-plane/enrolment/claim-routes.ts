import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { Enrolment } from './enrolment.ts'

type Dependencies = {
  enrolment: Pick<Enrolment, 'createClaim' | 'listClaims' | 'revokeClaim'>
  login: Pick<OperatorLogin, 'requireApiOperator'>
}

/** A year is longer than any card lies in a drawer. */
const NewClaim = z.object({ hours: z.number().positive().max(8760).default(24) })
const Named = z.object({ id: z.string().regex(/^[0-9a-f]{12}$/) })

/** For scripts that write cards: what the console does by hand. */
export const claimRoutes = ({ enrolment, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/claims/*', login.requireApiOperator)
    .get('/v1/claims', describeList, async (c) => c.json({ claims: await enrolment.listClaims() }))
    .post('/v1/claims', describeMake, accept('json', NewClaim), async (c) =>
      c.json(await enrolment.createClaim(c.req.valid('json'))),
    )
    .delete('/v1/claims/:id', describeRevoke, accept('param', Named), async (c) => {
      await enrolment.revokeClaim(c.req.valid('param').id)
      return c.body(null, 204)
    })

const at = z.iso.datetime()
const Claim = z.object({
  id: z.string(),
  state: z.enum(['open', 'used', 'revoked', 'expired']),
  ...{ since: at, createdAt: at, expiresAt: at },
  ...{ madeBy: z.string().optional(), nodeId: z.string().optional(), nodeName: z.string().optional() },
})

const describeList = describeAnswers({
  summary:
    'The claims of the last weeks, the newest first: whether they wait, and which node came in by them',
  tag: 'operator',
  ok: z.object({ claims: z.array(Claim) }),
  problems: ['not-logged-in'],
})

const describeMake = describeAnswers({
  summary: 'Makes a claim, good for so many hours (24) and for one node. It is told this once',
  tag: 'operator',
  ok: z.object({ id: z.string(), claim: z.string(), expiresAt: at }),
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'too-large'],
})

const describeRevoke = describeAnswers({
  summary: 'Takes back a claim that nobody has used',
  tag: 'operator',
  ok: 'nothing',
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'not-found'],
})
