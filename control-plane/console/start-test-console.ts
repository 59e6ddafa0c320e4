import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { OperatorAccounts, OperatorSession } from '../operators/operator-accounts.ts'
import { operatorLogin } from '../operators/operator-login.ts'
import type { Role } from '../operators/roles.ts'
import { readListing } from '../streams/stream-listing.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { StreamKey } from './console-dependencies.ts'
import { consoleRoutes } from './console-routes.ts'
import { type FakeAlerts, fakeAlerts } from './fake-alerts.ts'
import { briefOf } from './fake-brief.ts'
import { fakeOrders } from './fake-orders.ts'
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
  '/console/alerts',
  '/console/alerts/abcdef012345',
  '/console/alerts/rules',
  '/console/alerts/channels',
]

const socket = { remoteAddress: '127.0.0.1', remotePort: 1, remoteFamily: 'IPv4' }

/** What the tests say of the fleet. */
type Said = Omit<Fleet, 'nodes' | 'doubted'> & {
  nodes: NodeView[]
  role: Role
  keys: StreamKey[]
  mirrors: StreamMirrors
  alerts: FakeAlerts
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
    alerts: { open: [], ended: [], silences: [], channels: [] },
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
    streamCatalog: {
      async addStream(added) {
        if (added.name === stream.name) throw new Problem('name-taken', 'There is a stream harbour already.')
        done.push(['add', added])
      },
      async describeStream(name, said) {
        readListing(said)
        done.push(['describe', name, said])
      },
      async createKey(name) {
        done.push(['key', name])
        return { secret: 'the-secret' }
      },
      listKeys: async () => said.keys,
      async revokeKey(name, id) {
        done.push(['revoke key', name, id])
      },
    },
    mirrorDesk: {
      read: async () => () => said.mirrors,
      async choose(name, chosen) {
        done.push(['mirrors', name, chosen])
      },
    },
    ...fakeOrders(done, ago),
    ...fakeAlerts(said.alerts, done),
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
