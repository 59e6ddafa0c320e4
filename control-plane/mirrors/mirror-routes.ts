import { StreamName } from '@sixcast/shared/contract/names.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import { ChosenMirrors, MirrorRule } from './mirror-choice.ts'
import type { MirrorDesk } from './mirror-desk.ts'

type Dependencies = { mirrorDesk: MirrorDesk; login: Pick<OperatorLogin, 'requireApiOperator'> }

/** Which nodes copy which streams: what operators choose, and what has come of it. */
export const mirrorRoutes = ({ mirrorDesk, login }: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/streams/:name/mirrors', login.requireApiOperator)
    .use('/v1/mirrors/rule', login.requireApiOperator)
    .get('/v1/streams/:name/mirrors', describeStream, accept('param', Named), async (c) =>
      c.json(await mirrorDesk.find(c.req.valid('param').name)),
    )
    .put(
      '/v1/streams/:name/mirrors',
      describeChoice,
      accept('param', Named),
      accept('json', ChosenMirrors),
      async (c) => {
        const { name } = c.req.valid('param')
        await mirrorDesk.choose(name, c.req.valid('json'))
        return c.json(await mirrorDesk.find(name))
      },
    )
    .get('/v1/mirrors/rule', describeRule, async (c) => c.json(await mirrorDesk.readRule()))
    .put('/v1/mirrors/rule', describeNewRule, accept('json', MirrorRule), async (c) => {
      await mirrorDesk.setRule(c.req.valid('json'))
      return c.json(await mirrorDesk.readRule())
    })

const Named = z.object({ name: StreamName })

const describeStream = describeAnswers({
  summary: 'Which nodes have a stream, in which role, what is wanted of it, and why there is less',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in', 'unknown-stream'],
})
const describeChoice = describeAnswers({
  summary: 'Chooses on how many nodes a stream is, or which ones copy it, or that the fleet’s rule holds',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'unknown-stream', 'too-large'],
})
const describeRule = describeAnswers({
  summary: 'On how many nodes each stream is that nobody has chosen for, the one it is published to counted',
  tag: 'operator',
  ok: MirrorRule,
  problems: ['not-logged-in'],
})
const describeNewRule = describeAnswers({
  summary: 'Sets on how many nodes each stream is that nobody has chosen for',
  tag: 'operator',
  ok: MirrorRule,
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'too-large'],
})
