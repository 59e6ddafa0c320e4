import { NodeSettings } from '@sixcast/shared/contract/configuration.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { OperatorAccounts, OperatorSession } from '../operators/operator-accounts.ts'
import { operatorLogin } from '../operators/operator-login.ts'
import type { Role } from '../operators/roles.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { ConsoleDependencies, StreamKey } from './console-dependencies.ts'
import { consoleRoutes } from './console-routes.ts'
import { briefOf } from './fake-brief.ts'
import { streamDeeds } from './fake-stream-deeds.ts'
import type { Fleet } from './fleet-words.ts'

export const now = new Date('2026-11-20T12:00:00Z')
export const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
export const origin = 'http://fleet.example'

export const node: NodeView = {
  id: 'depot2345depot2345de',
  name: 'depot',
  enrolledAt: ago(86_400),
  release: '1.0',
  claimed: '2001:4dd0::7',
  rtmpPort: 1936,
  alive: { is: true, since: ago(3600) },
  reachable: [{ family: 6, is: true, since: ago(1200), checkedAt: ago(4) }],
  standings: [{ family: 6, state: 'healthy', since: ago(1190) }],
  streams: ['harbour'],
  metrics: {
    measuredAt: now.toISOString(),
    uptimeSeconds: 3600,
    cpu: { percent: 23.4, cores: 4, load1: 0.5 },
    memory: { totalBytes: 8 * 2 ** 30, usedBytes: 2 * 2 ** 30 },
    storage: [],
    network: [],
    temperatureCelsius: 51.6,
    processes: [],
  },
  metricsAt: ago(2),
}
export const stream: StreamView = {
  name: 'harbour',
  title: 'The harbour',
  description: '',
  open: false,
  state: 'live',
  since: ago(60),
}
const session: OperatorSession = {
  operator: 'admin',
  role: 'admin',
  token: 'token',
  csrfToken: 'csrf-token',
  expiresAt: ago(-3600),
}

export const pages = [
  '/console',
  '/console/nodes',
  '/console/claims',
  '/console/nodes/depot2345depot2345de',
  '/console/nodes/depot2345depot2345de/verdict',
  '/console/nodes/depot2345depot2345de/orders',
  '/console/record',
  '/console/people',
  '/console/me',
  '/console/streams',
  '/console/streams/harbour',
  '/console/streams/harbour/keys/3fa2c1d0',
]

const socket = { remoteAddress: '127.0.0.1', remotePort: 1, remoteFamily: 'IPv4' }

/** What the tests say of the fleet. */
type Said = Omit<Fleet, 'nodes' | 'doubted'> & {
  nodes: NodeView[]
  role: Role
  keys: StreamKey[]
  mirrors: StreamMirrors
  broken: Error | undefined
}
export type TestConsole = ReturnType<typeof startTestConsole>

/** For tests: the console over what they say. */
export function startTestConsole(role: Role = 'admin') {
  const said: Said = {
    role,
    nodes: [node],
    streams: [stream],
    incidents: [],
    told: [],
    keys: [{ id: '3fa2c1d0', createdAt: ago(600) }],
    mirrors: { rule: { copies: 1 }, holders: [], lacks: [] },
    broken: undefined,
  }
  const done: unknown[] = []
  const reported: unknown[] = []
  const app = openConsole(said, done, reported)
  const request = (path: string, init: RequestInit) =>
    app.request(origin + path, init, { incoming: { socket } })
  const get = (path: string, headers: Record<string, string> = {}) =>
    request(path, { headers: { cookie: 'sixcast=token', accept: 'text/html', ...headers } })

  return Object.assign(said, {
    app,
    /** What it was told to do. */
    done,
    reported,
    request,
    get,
    page: async (path: string) => (await get(path)).text(),
    post: (
      path: string,
      values: Record<string, string> | [string, string][],
      headers: Record<string, string> = {},
    ) =>
      request(path, {
        method: 'POST',
        headers: { cookie: 'sixcast=token', accept: 'text/html', origin, ...headers },
        body: new URLSearchParams([
          ['csrf', 'csrf-token'],
          ...(Array.isArray(values) ? values : Object.entries(values)),
        ]),
      }),
  })
}

function openConsole(said: Said, done: unknown[], reported: unknown[]) {
  const list = async <Item>(items: Item[]) => {
    if (said.broken) throw said.broken
    return items
  }
  return consoleRoutes({
    nodeBriefs: { list: async () => (await list(said.nodes)).map((one) => briefOf(one, now)) },
    nodeViews: {
      find: async (id) => (await list(said.nodes)).find((one) => one.id === id),
      findEach: async (ids) => said.nodes.filter(({ id }) => ids.includes(id)),
    },
    streamViews: { list: () => list(said.streams) },
    incidents: { listOpen: () => list(said.incidents) },
    experiences: { listSince: () => list(said.told) },
    fleetRegister: {
      async revokeNode(id) {
        if (said.nodes.find((one) => one.id === id)?.revokedAt)
          throw new Problem('unknown-node', 'It is revoked already.')
        done.push(['revoke node', id])
      },
    },
    verdictLinks: {
      async makeLink(id) {
        done.push(['link', id])
        return { url: `${origin}/verdict/the-secret`, expiresAt: ago(-86_400).toISOString() }
      },
      async revokeLinks(id) {
        done.push(['revoke links', id])
      },
    },
    lines: {
      async wantAgain(id) {
        done.push(['measure', id])
      },
    },
    limits: {
      async setDuty(id, duty) {
        done.push(['duty', id, duty])
      },
    },
    enrolment: {
      async createClaim({ hours }) {
        done.push(['claim', hours])
        return { claim: 'sixcast-claim-1.abc', expiresAt: ago(-3600 * hours) }
      },
    },
    ...streamDeeds(done, () => said.keys),
    mirrorDesk: {
      read: async () => () => said.mirrors,
      async choose(name, chosen) {
        done.push(['mirrors', name, chosen])
      },
    },
    ...orders(done),
    accounts: accounts(done),
    login: operatorLogin({
      accounts: accounts(done, said.role),
      limit: { reached: () => false, refused: () => {}, forgive: () => {} },
      publicUrl: origin,
    }),
    report: (error) => reported.push(error),
    recognise: () => undefined,
    readEveryMs: 10,
    now: () => now,
  })
}

/** One version that was taken back, and one command that is done, with what a node may say of itself. */
function orders(done: unknown[]): Pick<ConsoleDependencies, 'configurations' | 'commands' | 'audit'> {
  const hostile = '<script>alert(1)</script>'
  const report = { state: 'returned', inForce: 0, at: ago(5), cause: hostile } as const
  const steps = [{ setting: hostile, outcome: 'rejected' as const, why: hostile }]
  const version = { version: 1, settings: { mostViewers: 5 }, changes: ['mostViewers: not set → 5'] }
  const made = async () => ({ version: 2, changes: [] })
  return {
    configurations: {
      read: async (nodeId) => ({
        ...{ nodeId, version: 1, settings: version.settings, inForce: 0 },
        history: [{ ...version, madeAt: ago(60), madeBy: 'ann', report: { ...report, steps } }],
      }),
      async save(id, order, by) {
        if (order.basedOn !== 1) throw new Problem('edited-meanwhile', 'Somebody was quicker.')
        checkSettings(order.settings)
        done.push(['configure', id, order.settings, by])
        return made()
      },
      async rollBack(...given) {
        done.push(['roll back', ...given])
        return made()
      },
    },
    commands: {
      async ask(...given) {
        done.push(['command', ...given])
        return { id: 'abcdef012345' }
      },
      list: async () => [
        {
          ...{ id: 'abcdef012345', name: 'diagnostics', state: 'done' as const, outcome: hostile },
          ...{ askedAt: ago(9), askedBy: 'ann', expiresAt: now, hasDiagnostics: true },
        },
      ],
    },
    audit: {
      read: async () => ({
        entries: [
          {
            ...{ number: 7, at: ago(9), who: hostile, source: '192.0.2.7', deed: 'log in' },
            ...{ subject: 'operator admin', outcome: hostile, hash: 'x' },
          },
        ],
        next: 7,
      }),
    },
  }
}

function accounts(done: unknown[], role: Role = 'admin'): OperatorAccounts {
  return {
    exists: async () => true,
    async invite(name, role) {
      if (name === 'admin') throw new Problem('name-taken', 'There is somebody of the name admin already.')
      done.push(['invite', name, role])
      return 'their-first-password'
    },
    listPeople: async () => [
      { name: 'admin', role: 'admin', since: ago(9000), logins: 1, loggedInAt: ago(60) },
      { name: 'ann', role: 'support', since: ago(600), logins: 0 },
    ],
    async changeRole(name, role) {
      if (name === 'admin') throw new Problem('bad-request', 'It is the last admin.')
      done.push(['role', name, role])
    },
    removePerson: async (name) => void done.push(['remove', name]),
    async changePassword(name, { present }) {
      if (present !== 'right') throw new Problem('bad-request', 'The present password is another.')
      done.push(['password', name])
    },
    resetPassword: async () => 'right',
    login: async (_, password) => (password === 'right' ? session : undefined),
    findSession: async (token) => (token === session.token ? { ...session, role } : undefined),
    logout: async (token) => {
      done.push(['logout', token])
      return []
    },
  }
}

/** As the room itself says it. */
function checkSettings(settings: unknown) {
  const { error } = NodeSettings.safeParse(settings)
  if (error) throw new Problem('bad-request', issuesSentence(error.issues, 'The configuration'))
}
