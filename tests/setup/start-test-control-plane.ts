import { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { controlPlaneApps } from '../../control-plane/app.ts'
import type { Database } from '../../control-plane/database/database.ts'
import { listen } from '../../control-plane/listen.ts'
import { mirrorPlanner } from '../../control-plane/mirrors/mirror-plan.ts'
import { openRooms } from '../../control-plane/rooms.ts'
import { watchOrders } from '../../control-plane/watch-orders.ts'
import { parseClaim } from '../../shared/contract/claim.ts'
import { enrolText } from '../../shared/contract/enrolment.ts'
import { createKeyPair, type KeyPair, nodeId, signText } from '../../shared/contract/identity-key.ts'
import { type SignedParts, signRequest } from '../../shared/contract/signed-request.ts'
import { createLog, type Log } from '../../shared/runtime/log.ts'
import { freshDatabase } from './fresh-database.ts'

export type TestControlPlane = Awaited<ReturnType<typeof startTestControlPlane>>
export type TestNode = ReturnType<typeof testNode>

/** The whole HTTP side of the control plane on a port of its own, over an empty database; without prober and broker, and planning mirrors when it is told to. */
export async function startTestControlPlane({
  publicUrl = 'http://127.0.0.1:9090',
  trustedProxies = [] as string[],
} = {}) {
  const lines: string[] = []
  const appeared: string[] = []
  const woken: string[] = []
  const log = createLog('control-plane', (line) => lines.push(line))
  const db: Database = await freshDatabase()
  const rooms = await openRooms(db, { publicUrl })
  const limits: [string, object][] = []
  const orders = watchOrders({
    rooms,
    wake: (id) => woken.push(id),
    probeNow: async () => {},
    limitsChanged: (...told) => void limits.push(told),
    report: (error) => log.error('a round failed', error),
    everyMs: 50,
  })
  afterAll(async () => void (await orders.stop()))
  const planner = mirrorPlanner({ ...rooms, wake: (nodeId) => woken.push(nodeId) })
  const { forAll, forViewers } = controlPlaneApps({
    rooms,
    config: {
      rhythm: { heartbeatSeconds: 30, leaseSeconds: 75 },
      publicUrl,
      relayPort: 8080,
      trustedProxies,
    },
    link: { accessFor: () => ACCESS, rights: { mayConnect: async () => false, mayExist: async () => false } },
    mirrorPlanner: planner,
    ...orders,
    appeared: (id) => appeared.push(id),
    beacons: { count: () => {} },
    lost: () => {},
    log,
    report: (error) => log.error('a round failed', error),
  })
  const url = await serve(forAll, log)

  return {
    url,
    /** Where the same control plane answers viewers alone. */
    viewerUrl: await serve(forViewers, log),
    /** Every route that there is: what is true of all of them is asked of the next one too. */
    routes: routesOf(forAll),
    viewerRoutes: routesOf(forViewers),
    db,
    rooms,
    lines,
    appeared,
    /** Who was told that there is news. */
    woken,
    /** One round of what plans the mirrors. */
    planMirrors: planner.round,
    /** By what steering was told to send viewers to a node. */
    limits,
    /** The cookie of an operator who has logged in. */
    async operatorCookie(): Promise<string> {
      const password = await rooms.accounts.resetPassword('admin')
      const session = await rooms.accounts.login('admin', password)
      return `sixcast=${session?.token}`
    },
    leaseOf: (nodeId: string) =>
      db.selectFrom('lease').selectAll().where('node_id', '=', nodeId).executeTakeFirst(),
    /** A node that has enrolled as real ones do. */
    async enrolledNode(): Promise<TestNode> {
      const keys = createKeyPair()
      const { claim } = await rooms.enrolment.createClaim({ hours: 1 })
      const response = await enrol(url, keys, parseClaim(claim)?.secret ?? '')
      if (response.status !== 200) throw new Error(await response.text())
      return testNode(url, keys)
    },
  }
}

/** Without what only stands before them. */
const routesOf = ({ routes }: Parameters<typeof listen>[0]) =>
  [
    ...new Set(
      routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
    ),
  ].map((route) => ({ method: route.split(' ')[0] ?? '', path: route.slice(route.indexOf(' ') + 1) }))

async function serve(app: Parameters<typeof listen>[0], log: Log): Promise<string> {
  const [server = new Server()] = await listen(app, { port: 0, bind: ['127.0.0.1'], log })
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ACCESS = { url: 'mqtt://127.0.0.1:1', username: 'u', password: 'p' }

/** Asks to enrol, honestly but for what `changes` says. */
export function enrol(url: string, keys: KeyPair, secret: string, changes: object = {}): Promise<Response> {
  const request = { secret, publicKey: keys.publicKey, name: 'box', hardware: 'h', release: '0' }
  return fetch(`${url}/v1/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, signature: signText(enrolText(request), keys), ...changes }),
  })
}

/** Signs as a node does, with any epoch and number. */
export function testNode(url: string, keys: KeyPair) {
  const id = nodeId(keys.publicKey)
  let last = 0

  const sign = (changes: Partial<SignedParts> & Pick<SignedParts, 'body'>) => {
    last += 1
    const { host, pathname: path } = new URL('/v1/heartbeat', url)
    return signRequest(
      { method: 'POST', host, path, query: '', epoch: 1, number: last, ...changes },
      id,
      keys,
    )
  }
  const send = (path: string, headers: Record<string, string>, body: string) =>
    fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })

  return {
    id,
    keys,
    sign,
    send,
    get(pathAndQuery: string) {
      const { pathname: path, search, href } = new URL(pathAndQuery, url)
      return fetch(href, { headers: sign({ method: 'GET', path, query: search.slice(1), body: '' }) })
    },
    post(path: string, content: object, changes: Partial<SignedParts> = {}) {
      const body = JSON.stringify(content)
      return send(path, sign({ path, body, ...changes }), body)
    },
    beat(content: object = {}, changes: Partial<SignedParts> = {}) {
      return this.post('/v1/heartbeat', heartbeat(content), changes)
    },
  }
}

export const heartbeat = (changes: object = {}) => ({
  release: '1.0',
  hardware: 'h',
  claimed: '127.0.0.1',
  addresses: [],
  ports: { playback: 8083, cdn: 8084, rtmp: 1935 },
  live: [],
  ...changes,
})
