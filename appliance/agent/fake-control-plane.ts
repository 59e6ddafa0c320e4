import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { type AuthorizeReply, AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { formatClaim } from '@sixcast/shared/contract/claim.ts'
import {
  ConfigurationQuery,
  type ConfigurationReply,
  ConfigurationReport,
  type ReportHeard,
} from '@sixcast/shared/contract/configuration.ts'
import { EnrolRequest, enrolText, TimeQuery, timeText } from '@sixcast/shared/contract/enrolment.ts'
import { Heartbeat, type HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import { createKeyPair, nodeId, signText, verifyText } from '@sixcast/shared/contract/identity-key.ts'
import {
  type CommandHeard,
  CommandReport,
  type CommandsReply,
  Diagnostics,
  type NodeCommand,
} from '@sixcast/shared/contract/node-command.ts'
import { admitNumber, type NumberWindow } from '@sixcast/shared/contract/number-window.ts'
import { Problem, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { epochBehindText, SignatureHeaders, verifyRequest } from '@sixcast/shared/contract/signed-request.ts'
import { type ReportReply, StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'

export type FakeControlPlane = Awaited<ReturnType<typeof startFakeControlPlane>>

type Caller = { epoch: number; number: number; from: string | undefined }
type Env = { Bindings: HttpBindings; Variables: { caller: Caller } }
type Wanted = { version: number; settings: Record<string, unknown> } | undefined
type Secret = { state: 'open' } | { state: 'expired' } | { state: 'used'; by: string }

/** A control plane for tests, as strict as the real one where nodes are concerned: the shared contract over real HTTP. */
export async function startFakeControlPlane({ host = '127.0.0.1', port = 0 } = {}) {
  const fleet = createKeyPair()
  const secrets = new Map<string, Secret>()
  const nodes = new Map<string, { publicKey: string; window: NumberWindow }>()
  /** What it was told, in order. */
  const heard = {
    enrolments: [] as EnrolRequest[],
    beats: [] as (Heartbeat & Caller)[],
    reports: [] as StreamReport[],
    configurations: [] as ConfigurationReport[],
    commands: [] as (CommandReport & { id: string })[],
    diagnostics: [] as Diagnostics[],
    authorizations: [] as Record<string, unknown>[],
  }
  /** How it behaves from now on. */
  const manner = {
    reply: { leaseSeconds: 25, nextSeconds: 1 } as HeartbeatReply,
    verdict: { name: 'box', is: 'passed', steps: [] } as Omit<Verdict, 'nodeId'>,
    /** What it wants of every node. */
    configuration: undefined as Wanted,
    /** What it tells every node to do, again and again. */
    commands: [] as NodeCommand[],
    /** Paths that are refused with a code instead of being answered. */
    refuse: new Map<string, ProblemCode>(),
    /** Paths that are heard and then never answered. */
    mute: new Set<string>(),
    /** Whose key signs the time, and that an epoch lies behind. */
    signer: fleet,
  }

  const server = createAdaptorServer({ fetch: fakeApp({ secrets, nodes, heard, manner }).fetch })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a port')
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`

  return {
    url,
    port: address.port,
    fleetKey: fleet.publicKey,
    nodes,
    heard,
    manner,
    signer: fleet,
    /** As if this node had sent other requests than it did. */
    forgetNumbers({ epoch, highest = 1 }: { epoch: number; highest?: number }) {
      for (const node of nodes.values()) node.window = { epoch, highest, seen: 2n ** 64n - 1n }
    },
    createClaim(state: 'open' | 'expired' | 'used' = 'open'): string {
      const secret = randomBytes(24).toString('base64url')
      secrets.set(secret, state === 'used' ? { state, by: 'another' } : { state })
      return formatClaim({ url, fleetKey: fleet.publicKey, secret })
    },
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

type State = {
  secrets: Map<string, Secret>
  nodes: Map<string, { publicKey: string; window: NumberWindow }>
  heard: {
    enrolments: EnrolRequest[]
    beats: (Heartbeat & Caller)[]
    reports: StreamReport[]
    configurations: ConfigurationReport[]
    commands: (CommandReport & { id: string })[]
    diagnostics: Diagnostics[]
    authorizations: Record<string, unknown>[]
  }
  manner: {
    reply: HeartbeatReply
    verdict: Omit<Verdict, 'nodeId'>
    configuration: Wanted
    commands: NodeCommand[]
    refuse: Map<string, ProblemCode>
    mute: Set<string>
    signer: ReturnType<typeof createKeyPair>
  }
}

function fakeApp(state: State) {
  const { heard, manner } = state
  const app = new Hono<Env>()
  const signed = signedBy(state)
  app.onError((error, c) => {
    if (error instanceof Problem) return c.json(error.body(), error.status)
    throw error
  })
  app.use(async (c, next) => {
    const code = manner.refuse.get(c.req.path)
    if (code) throw new Problem(code)
    await next()
    if (manner.mute.has(c.req.path)) await new Promise(() => {})
  })
  return app
    .get('/v1/time', accept('query', TimeQuery), (c) => {
      const { nonce } = c.req.valid('query')
      const time = new Date().toISOString()
      return c.json({ time, nonce, signature: signText(timeText(time, nonce), manner.signer) })
    })
    .post('/v1/enrol', accept('json', EnrolRequest), (c) => c.json(enrol(c.req.valid('json'), state)))
    .post('/v1/heartbeat', signed, accept('json', Heartbeat), (c) => {
      heard.beats.push({ ...c.req.valid('json'), ...c.get('caller') })
      return c.json({
        ...manner.reply,
        ...(manner.configuration && { configuration: manner.configuration.version }),
        ...(manner.commands.length > 0 && { commands: true }),
      })
    })
    .post('/streams', signed, accept('json', StreamReport), (c) => {
      heard.reports.push(c.req.valid('json'))
      return c.json({ nextSeconds: 2, livesSeconds: 7 } satisfies ReportReply)
    })
    .get('/v1/configuration', signed, accept('query', ConfigurationQuery), (c) => {
      const { configuration } = manner
      const isNew = configuration && configuration.version !== c.req.valid('query').have
      return c.json((isNew ? configuration : { unchanged: true }) satisfies ConfigurationReply)
    })
    .get('/v1/commands', signed, (c) => c.json({ commands: manner.commands } satisfies CommandsReply))
    .post('/v1/commands/:id', signed, accept('json', CommandReport), (c) => {
      heard.commands.push({ id: c.req.param('id'), ...c.req.valid('json') })
      return c.json({ heard: true } satisfies CommandHeard)
    })
    .post('/v1/commands/:id/diagnostics', signed, accept('json', Diagnostics), (c) => {
      heard.diagnostics.push(c.req.valid('json'))
      return c.json({ heard: true } satisfies CommandHeard)
    })
    .post('/v1/configuration/report', signed, accept('json', ConfigurationReport), (c) => {
      heard.configurations.push(c.req.valid('json'))
      return c.json({ heard: true } satisfies ReportHeard)
    })
    .get('/v1/nodes/:id/verdict', signed, (c) =>
      c.json({ ...manner.verdict, nodeId: c.req.param('id') } satisfies Verdict),
    )
    .post('/v1/authorize', signed, accept('json', AuthorizeRequest), (c) => {
      const asked = c.req.valid('json')
      heard.authorizations.push(asked)
      if (asked.key !== 'right') throw new Problem('key-refused', 'This is not a key of this stream.')
      return c.json({ allowed: true, name: asked.name, open: false } satisfies AuthorizeReply)
    })
}

function enrol(request: EnrolRequest, { secrets, nodes, heard }: State) {
  heard.enrolments.push(request)
  if (!verifyText(enrolText(request), request.signature, request.publicKey))
    throw new Problem('bad-signature')
  const secret = secrets.get(request.secret)
  const id = nodeId(request.publicKey)
  if (!secret) throw new Problem('claim-refused')
  if (secret.state === 'expired') throw new Problem('claim-expired')
  if (secret.state === 'used' && secret.by !== id) throw new Problem('claim-used')
  secrets.set(request.secret, { state: 'used', by: id })
  if (!nodes.has(id))
    nodes.set(id, { publicKey: request.publicKey, window: { epoch: 0, highest: 0, seen: 0n } })
  return { nodeId: id, name: request.name }
}

const signedBy = ({ nodes, manner }: State) =>
  createMiddleware<Env>(async (c, next) => {
    const headers = SignatureHeaders.safeParse(c.req.header())
    if (!headers.success) throw new Problem('not-signed')
    const { 'sixcast-node': id, 'sixcast-signature': signature } = headers.data
    const { 'sixcast-epoch': epoch, 'sixcast-number': number } = headers.data
    const node = nodes.get(id)
    if (!node) throw new Problem('unknown-node')
    const parts = { ...(await partsOf(c)), epoch, number }
    if (!verifyRequest(parts, signature, node.publicKey)) throw new Problem('bad-signature')
    const [verdict, window] = admitNumber(node.window, epoch, number)
    if (verdict === 'replayed') throw new Problem('replayed')
    if (verdict === 'epoch-behind') {
      const proof = signText(epochBehindText(window.epoch, signature), manner.signer)
      const problem = new Problem('epoch-behind', undefined, { epoch: window.epoch })
      return c.json(problem.body(), problem.status, { 'sixcast-fleet-signature': proof })
    }
    node.window = window
    c.set('caller', { epoch, number, from: c.env.incoming.socket.remoteAddress })
    return next()
  })

async function partsOf(c: Context) {
  const url = new URL(c.req.url)
  const body = new Uint8Array(await c.req.arrayBuffer())
  return {
    method: c.req.method,
    host: c.req.header('host') ?? '',
    path: url.pathname,
    query: url.search.slice(1),
    body,
  }
}
