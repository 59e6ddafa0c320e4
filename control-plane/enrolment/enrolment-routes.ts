import {
  EnrolReply,
  EnrolRequest,
  TimeQuery,
  TimeReply,
  timeText,
} from '@sixcast/shared/contract/enrolment.ts'
import { type KeyPair, signText } from '@sixcast/shared/contract/identity-key.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeAnswers } from '../describe-answers.ts'
import type { Enrolment } from './enrolment.ts'

type Dependencies = { enrolment: Pick<Enrolment, 'enrol'>; fleetKey: KeyPair; now?: () => Date }

export const enrolmentRoutes = ({ enrolment, fleetKey, now = () => new Date() }: Dependencies) =>
  new Hono()
    .get('/v1/time', describeTime, accept('query', TimeQuery), (c) => {
      const { nonce } = c.req.valid('query')
      const time = now().toISOString()
      return c.json({ time, nonce, signature: signText(timeText(time, nonce), fleetKey) })
    })
    .post('/v1/enrol', describeEnrol, accept('json', EnrolRequest), async (c) =>
      c.json(await enrolment.enrol(c.req.valid('json'))),
    )

const describeTime = describeAnswers({
  summary: 'The time, signed by the key of the fleet',
  tag: 'node',
  ok: TimeReply,
  problems: ['bad-request'],
})

const describeEnrol = describeAnswers({
  summary: 'Redeems a claim; the same claim by the same key again is the same node',
  tag: 'node',
  ok: EnrolReply,
  problems: [
    'bad-request',
    'bad-signature',
    'claim-refused',
    'node-revoked',
    'claim-used',
    'claim-expired',
    'too-large',
  ],
})
