import {
  ConfigurationQuery,
  ConfigurationReply,
  ConfigurationReport,
  ReportHeard,
} from '@sixcast/shared/contract/configuration.ts'
import { NodeId } from '@sixcast/shared/contract/names.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { Configurations } from './configurations.ts'

type Dependencies = {
  configurations: Configurations
  signed: SignedRequests
  login: Pick<OperatorLogin, 'requireApiOperator'>
  /** A version was saved here: the node is told at once. */
  saved: () => Promise<void>
}

const Named = z.object({ id: NodeId })
const Edit = z.object({
  /** The version that the editor began with. */
  basedOn: z.number().int().min(0),
  settings: z.record(z.string(), z.unknown()),
})
const Return = z.object({ version: z.number().int().min(0) })

export const configurationRoutes = ({ configurations, signed, login, saved }: Dependencies) =>
  new Hono()
    .route('/', nodeRoutes({ configurations, signed }))
    .route('/', operatorRoutes({ configurations, login, saved }))

const nodeRoutes = ({ configurations, signed }: Pick<Dependencies, 'configurations' | 'signed'>) =>
  new Hono<SignedEnv>()
    .get('/v1/configuration', describeFetch, signed, accept('query', ConfigurationQuery), async (c) => {
      const { version, settings } = await configurations.newest(c.get('caller').nodeId)
      const isNew = version > 0 && version !== c.req.valid('query').have
      return c.json((isNew ? { version, settings } : { unchanged: true }) satisfies ConfigurationReply)
    })
    .post(
      '/v1/configuration/report',
      describeReport,
      signed,
      accept('json', ConfigurationReport),
      async (c) => {
        await configurations.heard(c.get('caller').nodeId, c.req.valid('json'))
        return c.json({ heard: true } satisfies ReportHeard)
      },
    )

const operatorRoutes = ({ configurations, login, saved }: Omit<Dependencies, 'signed'>) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/nodes/:id/configuration', login.requireApiOperator)
    .use('/v1/nodes/:id/configuration/rollback', login.requireApiOperator)
    .get('/v1/nodes/:id/configuration', describeRead, accept('param', Named), async (c) =>
      c.json(await configurations.read(c.req.valid('param').id)),
    )
    .put(
      '/v1/nodes/:id/configuration',
      describeEdit,
      accept('param', Named),
      accept('json', Edit),
      async (c) => {
        const made = await configurations.save(
          c.req.valid('param').id,
          c.req.valid('json'),
          c.get('operator').operator,
        )
        await saved()
        return c.json(made)
      },
    )
    .post(
      '/v1/nodes/:id/configuration/rollback',
      describeReturn,
      accept('param', Named),
      accept('json', Return),
      async (c) => {
        const { id } = c.req.valid('param')
        const made = await configurations.rollBack(
          id,
          c.req.valid('json').version,
          c.get('operator').operator,
        )
        await saved()
        return c.json(made)
      },
    )

const describeFetch = describeAnswers({
  summary: 'What is wanted of a node, if that is another version than it has',
  tag: 'node',
  ok: ConfigurationReply,
  problems: SIGNED_PROBLEMS,
})

const describeReport = describeAnswers({
  summary: 'A node tells what has come of a version, step by step',
  tag: 'node',
  ok: ReportHeard,
  problems: [...SIGNED_PROBLEMS, 'not-found'],
})

const Made = z.object({ version: z.number().int(), changes: z.array(z.string()) })

const describeRead = describeAnswers({
  summary: 'What is wanted of a node, the version it lives by, and the history with what the node reported',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in', 'unknown-node'],
})

const describeEdit = describeAnswers({
  summary: 'Saves what is wanted of a node as its next version, which it is told at once',
  tag: 'operator',
  ok: Made,
  problems: [
    'bad-request',
    'not-logged-in',
    'foreign-request',
    'unknown-node',
    'edited-meanwhile',
    'too-large',
  ],
})

const describeReturn = describeAnswers({
  summary: 'Saves what an earlier version wanted as the next one; version 0 wants nothing',
  tag: 'operator',
  ok: Made,
  problems: [
    'bad-request',
    'not-logged-in',
    'foreign-request',
    'unknown-node',
    'not-found',
    'edited-meanwhile',
  ],
})
