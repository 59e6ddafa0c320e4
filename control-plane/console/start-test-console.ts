import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { Role } from '../operators/roles.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { StreamKey } from './console-dependencies.ts'
import { consoleRoutes } from './console-routes.ts'
import { type FakeAlerts, fakeAlerts } from './fake-alerts.ts'
import { briefOf } from './fake-brief.ts'
import { fakeEnrolment } from './fake-enrolment.ts'
import { fakeOrders } from './fake-orders.ts'
import { fakePast } from './fake-past.ts'
import { fakePeople } from './fake-people.ts'
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
export const pages = [
  '/console',
  '/console/nodes',
  '/console/claims',
  '/console/claims/abcdef012345',
  '/console/nodes/depot2345depot2345de',
  '/console/nodes/depot2345depot2345de/charts',
  '/console/nodes/depot2345depot2345de/timeline',
  '/console/nodes/depot2345depot2345de/verdict',
  '/console/nodes/depot2345depot2345de/orders',
  '/console/nodes/depot2345depot2345de/measurements',
  '/console/measurements',
  '/console/viewers',
  '/console/viewers?stream=harbour',
  '/console/record',
  '/console/people',
  '/console/people/ann',
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
    ...fakePast({ done, now, nodeId: node.id }),
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
    enrolment: fakeEnrolment(done, now),
    ...streamDeeds(done, () => said.keys),
    mirrorDesk: {
      read: async () => () => said.mirrors,
      async choose(name, chosen) {
        done.push(['mirrors', name, chosen])
      },
    },
    ...fakeOrders({ done, now }),
    ...fakePeople(done, { now, role: said.role, publicUrl: origin }),
    ...fakeAlerts(said.alerts, done),
    report: (error) => reported.push(error),
    recognise: () => undefined,
    readEveryMs: 10,
    now: () => now,
  })
}
