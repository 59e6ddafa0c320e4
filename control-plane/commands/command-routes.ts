import { NodeId } from '@sixcast/shared/contract/names.ts'
import {
  CommandHeard,
  CommandId,
  CommandReport,
  CommandsReply,
  Diagnostics,
} from '@sixcast/shared/contract/node-command.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { sourceAddress } from '../addresses/source-address.ts'
import { actingAs } from '../audit/actor.ts'
import { describeAnswers } from '../describe-answers.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { Commands } from './commands.ts'

type Dependencies = {
  commands: Commands
  signed: SignedRequests
  login: Pick<OperatorLogin, 'requireApiOperator'>
  /** A command was asked for here: the node is told at once. */
  asked: () => Promise<void>
}

const Named = z.object({ id: CommandId })
const OfNode = z.object({ id: NodeId })
const OneOfNode = z.object({ id: NodeId, command: CommandId })
const Order = z.object({ name: z.string().max(50), unit: z.string().max(50).optional() })

export const commandRoutes = ({ commands, signed, login, asked }: Dependencies) =>
  new Hono()
    .route('/', nodeRoutes({ commands, signed }))
    .route('/', operatorRoutes({ commands, login, asked }))

const nodeRoutes = ({ commands, signed }: Pick<Dependencies, 'commands' | 'signed'>) =>
  new Hono<SignedEnv>()
    .get('/v1/commands', describeFetch, signed, async (c) =>
      c.json({ commands: await commands.fetch(c.get('caller').nodeId) } satisfies CommandsReply),
    )
    .post(
      '/v1/commands/:id',
      describeReport,
      signed,
      accept('param', Named),
      accept('json', CommandReport),
      async (c) => {
        const { nodeId } = c.get('caller')
        const actor = { who: `node ${nodeId}`, source: sourceAddress(c) }
        await actingAs(actor, () => commands.heard(nodeId, c.req.valid('param').id, c.req.valid('json')))
        return c.json({ heard: true } satisfies CommandHeard)
      },
    )
    .post(
      '/v1/commands/:id/diagnostics',
      describeUpload,
      signed,
      accept('param', Named),
      accept('json', Diagnostics),
      async (c) => {
        await commands.takeDiagnostics(c.get('caller').nodeId, c.req.valid('param').id, c.req.valid('json'))
        return c.json({ heard: true } satisfies CommandHeard)
      },
    )

const operatorRoutes = ({ commands, login, asked }: Omit<Dependencies, 'signed'>) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/nodes/:id/commands/*', login.requireApiOperator)
    .get('/v1/nodes/:id/commands', describeList, accept('param', OfNode), async (c) =>
      c.json({ commands: await commands.list(c.req.valid('param').id) }),
    )
    .post(
      '/v1/nodes/:id/commands',
      describeAsk,
      accept('param', OfNode),
      accept('json', Order),
      async (c) => {
        const made = await commands.ask(
          c.req.valid('param').id,
          c.req.valid('json'),
          c.get('operator').operator,
        )
        await asked()
        return c.json(made, 202)
      },
    )
    // What a node says of itself is shown by no browser as anything but text to be kept.
    .get(
      '/v1/nodes/:id/commands/:command/diagnostics',
      describeDownload,
      accept('param', OneOfNode),
      async (c) => {
        const { id, command } = c.req.valid('param')
        return c.body(await commands.readDiagnostics(id, command), 200, {
          'content-type': 'text/plain; charset=utf-8',
          'content-disposition': `attachment; filename="diagnostics-${id}-${command}.txt"`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
        })
      },
    )

const describeFetch = describeAnswers({
  summary: 'What a node is to do, once',
  tag: 'node',
  ok: CommandsReply,
  problems: SIGNED_PROBLEMS,
})
const describeReport = describeAnswers({
  summary: 'A node tells that it has begun a command, and what came of it',
  tag: 'node',
  ok: CommandHeard,
  problems: [...SIGNED_PROBLEMS, 'not-found'],
})
const describeUpload = describeAnswers({
  summary: 'A node tells of itself, when it was asked to: masked logs, health, measurements, versions',
  tag: 'node',
  ok: CommandHeard,
  problems: [...SIGNED_PROBLEMS, 'not-found'],
})
const describeList = describeAnswers({
  summary: 'What a node was told to do lately, and what came of it',
  tag: 'operator',
  ok: { type: 'application/json' },
  problems: ['bad-request', 'not-logged-in'],
})
const describeAsk = describeAnswers({
  summary: 'Tells a node to restart a unit, identify itself, collect diagnostics, be probed, drain or serve',
  tag: 'operator',
  ok: z.object({ id: CommandId }),
  problems: ['bad-request', 'not-logged-in', 'foreign-request', 'unknown-node', 'node-revoked', 'busy'],
})
const describeDownload = describeAnswers({
  summary: 'What a node told of itself, for some days',
  tag: 'operator',
  ok: { type: 'text/plain' },
  problems: ['bad-request', 'not-logged-in', 'not-found'],
})
