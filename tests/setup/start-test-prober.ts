import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished } from 'vitest'
import { startProber } from '../../control-plane/reachability/prober.ts'
import { type KeyPair, nodeId, signText } from '../../shared/contract/identity-key.ts'
import { ProbeQuery, probeText } from '../../shared/contract/probe.ts'
import { silentLog } from './fresh-database.ts'
import { startTestControlPlane, type TestNode } from './start-test-control-plane.ts'

/** For tests: a control plane, nodes, and probers that look at them when they are told to. */
export async function startTestProber() {
  const plane = await startTestControlPlane()
  const { rooms, enrolledNode } = plane
  const running: { stop: () => Promise<void> }[] = []
  afterEach(async () => {
    for (const prober of running.splice(0)) await prober.stop()
  })

  function prober(ports: number[], now = () => new Date()) {
    const report = (error: unknown) => expect.fail(String(error))
    const started = startProber({
      ...rooms,
      rules: { ports, loopback: true },
      ...{ log: silentLog, report, now },
    })
    running.push(started)
    return started
  }

  const beat = (node: TestNode, cdn: number, claimed = '127.0.0.1', playback = cdn) =>
    node.beat({ claimed, ports: { playback, cdn, rtmp: 1935 } })

  async function factOf({ id }: TestNode) {
    const view = (await rooms.nodeViews.list()).find((node) => node.id === id)
    return view?.reachable[0]
  }

  /** A prober whose clock is moved on. */
  function proberInTime(port: number, node: TestNode) {
    let ahead = 0
    const looking = prober([port], () => later(ahead))
    return {
      async probeAfter(seconds: number) {
        ahead += seconds
        await looking.probeNow(node.id)
        return (await rooms.nodeViews.list()).find(({ id }) => id === node.id)?.standings?.[0]
      },
    }
  }

  /** A node that has been healthy for long, by a box whose answer the test holds in its hand. */
  async function healthyNode(address = '127.0.0.1') {
    const node = await enrolledNode()
    const held = { answer: signing(node.keys), asked: 0 }
    const port = await box((request, response) => {
      held.asked += 1
      held.answer(request, response)
    }, address)
    await beat(node, port, address)
    const since = later(-600)
    const standing = { state: 'healthy' as const, since, goodSince: since, upAt: since, falls: [] }
    await rooms.standings.keep({ nodeId: node.id, address, standing, failure: undefined, dueAt: later(600) })
    const stateOf = async () =>
      (await rooms.nodeViews.list()).find(({ id }) => id === node.id)?.standings?.[0]?.state
    return { node, port, held, stateOf }
  }

  return { ...plane, prober, proberInTime, beat, factOf, healthyNode }
}

export const later = (seconds: number) => new Date(Date.now() + seconds * 1000)

export const nothingHere: RequestListener = (_, response) =>
  response.writeHead(404).end('{"code":"not-found"}')

/** A box at an address of this machine that answers the probe as told. */
export async function box(answer: RequestListener, address = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(answer).listen(port, address)
  await once(server, 'listening')
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

export const signing =
  (keys: KeyPair, id = nodeId(keys.publicKey)): RequestListener =>
  (request, response) => {
    const { pathname, searchParams: asked } = new URL(request.url ?? '', 'http://box')
    if (pathname !== '/probe') return response.writeHead(404).end()
    const query = ProbeQuery.parse(Object.fromEntries(asked))
    const signature = signText(probeText(id, query), keys)
    return response.end(JSON.stringify({ nodeId: id, nonce: query.nonce, signature }))
  }
