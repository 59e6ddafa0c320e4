import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createKeyPair, type KeyPair, nodeId, signText } from '@sixcast/shared/contract/identity-key.ts'
import { ProbeQuery, probeText } from '@sixcast/shared/contract/probe.ts'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'
import { startProber } from './prober.ts'

const { rooms, db, enrolledNode, leaseOf } = await startTestControlPlane()

const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const prober of running.splice(0)) await prober.stop()
})

function prober(ports: number[]) {
  const report = (error: unknown) => expect.fail(String(error))
  const started = startProber({ ...rooms, rules: { ports, loopback: true }, log: silentLog, report })
  running.push(started)
  return started
}

const nothingHere: RequestListener = (_, response) => response.writeHead(404).end('{"code":"not-found"}')

/** A box at an address of this machine that answers the probe as told. */
async function box(answer: RequestListener, address = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(answer).listen(port, address)
  await once(server, 'listening')
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const signing =
  (keys: KeyPair, id = nodeId(keys.publicKey)): RequestListener =>
  (request, response) => {
    const { pathname, searchParams: asked } = new URL(request.url ?? '', 'http://box')
    if (pathname !== '/probe') return response.writeHead(404).end()
    const query = ProbeQuery.parse(Object.fromEntries(asked))
    const signature = signText(probeText(id, query), keys)
    return response.end(JSON.stringify({ nodeId: id, nonce: query.nonce, signature }))
  }

const beat = (node: TestNode, cdn: number, claimed = '127.0.0.1', playback = cdn) =>
  node.beat({ claimed, ports: { playback, cdn, rtmp: 1935 } })

async function factOf({ id }: TestNode) {
  const view = (await rooms.nodeViews.list()).find((node) => node.id === id)
  return view?.reachable[0]
}

test('a node that signs the nonce is reachable, and viewers are sent to where it was found', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  await beat(node, port)
  await prober([port]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({ family: 4, is: true })
  expect((await leaseOf(node.id))?.proven).toBe('127.0.0.1')
})

test('a node that is found in both families is judged in each', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  let answer = signing(node.keys)
  await box((...asked) => answer(...asked), '::1', port)
  await beat(node, port)
  await rooms.otherAddresses.keep({ nodeId: node.id, address: '::1', source: '::1' })
  const { probeNow } = prober([port])
  const found = async () => {
    await probeNow(node.id)
    return (await rooms.nodeViews.find(node.id))?.reachable.map(({ family, is }) => [family, is])
  }
  expect(await found()).toEqual([
    [6, true],
    [4, true],
  ])
  answer = nothingHere
  expect(await found()).toEqual([
    [6, false],
    [4, true],
  ])
  const { proven } = await db
    .selectFrom('other_address')
    .select('proven')
    .where('node_id', '=', node.id)
    .executeTakeFirstOrThrow()
  expect([(await leaseOf(node.id))?.proven, proven]).toEqual(['127.0.0.1', true])
})

test('an other address that it did not speak from is never asked, and is thought of seldom', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  await box(() => expect.fail('asked'), '::1', port)
  await beat(node, port)
  await rooms.otherAddresses.keep({ nodeId: node.id, address: '::1', source: '127.0.0.1' })
  await prober([port]).probeNow(node.id)
  const view = await rooms.nodeViews.find(node.id)
  expect(view?.reachable).toMatchObject([
    { family: 6, is: false, cause: expect.stringContaining('came from 127.0.0.1') },
    { is: true },
  ])
  const { due_at } = await db
    .selectFrom('standing')
    .select('due_at')
    .where('node_id', '=', node.id)
    .where('family', '=', 6)
    .executeTakeFirstOrThrow()
  expect(due_at.getTime()).toBeGreaterThan(Date.now() + 15_000)
})

test('a node that has moved is looked at where it is now, while its old address still lets the prober wait', async () => {
  const node = await enrolledNode()
  const hanging = Promise.withResolvers<void>()
  const old = await box(() => hanging.resolve())
  const port = await box(signing(node.keys), '127.0.0.2')
  const { probeNow, stop } = prober([old, port])
  await beat(node, old)
  const first = probeNow(node.id)
  await hanging.promise
  await beat(node, port, '127.0.0.2')
  await db.updateTable('lease').set({ source: '127.0.0.2' }).where('node_id', '=', node.id).execute()
  await probeNow(node.id)
  expect((await leaseOf(node.id))?.proven).toBe('127.0.0.2')
  await first
  await stop()
  expect(await factOf(node)).toMatchObject({ is: true })
  const [standing] = await rooms.standings.findEach(node.id, new Date())
  expect(standing).toMatchObject({ address: '127.0.0.2', standing: { state: 'pending' } })
})

test.each<[string, (keys: KeyPair) => RequestListener, RegExp]>([
  ['somebody else’s box', () => signing(createKeyPair()), /else than this node/],
  ['a box that claims to be it', (keys) => signing(createKeyPair(), nodeId(keys.publicKey)), /else than/],
  ['a web page', () => (_, response) => response.end('<h1>Router</h1>'), /else than/],
  ['an error', () => (_, response) => response.writeHead(502).end(), /answers 502/],
  ['a web server without an agent', () => (_, response) => response.writeHead(503).end(), /agent behind it/],
  ['a web server of somebody else', () => (_, response) => response.writeHead(404).end('?'), /else than/],
  ['the node itself, which has moved', () => nothingHere, /not at this address any more/],
  [
    'a way to somewhere else',
    () => (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /answers 302/,
  ],
  ['more than an answer', () => (_, response) => response.end('x'.repeat(100_000)), /./],
  ['a hang-up', () => (request) => request.socket.destroy(), /./],
])('%s at the address is not the node', async (_, answer, cause) => {
  const node = await enrolledNode()
  const port = await box(answer(node.keys))
  await beat(node, port)
  await prober([port]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({ is: false, cause: expect.stringMatching(cause) })
  expect((await leaseOf(node.id))?.proven).toBeNull()
})

test('a node of an older release, which signs at its playback port alone, is reachable if viewers’ port answers', async () => {
  const node = await enrolledNode()
  const [cdn, playback] = [await box(nothingHere), await box(signing(node.keys))]
  await beat(node, cdn, '127.0.0.1', playback)
  await prober([cdn, playback]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({ is: true })
  await beat(node, 1, '127.0.0.1', playback)
  await prober([1, playback]).probeNow(node.id)
  expect(await factOf(node), 'nobody watches at the playback port').toMatchObject({ is: false })
})

test('silence is given three seconds', async () => {
  const node = await enrolledNode()
  const port = await box(() => {})
  await beat(node, port)
  await prober([port]).probeNow(node.id)
  expect(await factOf(node)).toMatchObject({
    is: false,
    cause: expect.stringMatching(/no answer within three seconds/),
  })
})

test('a closed port is told as such, and a port that is not viewers’ is never asked', async () => {
  const node = await enrolledNode()
  await beat(node, 1)
  const looking = prober([1])
  await looking.probeNow(node.id)
  expect((await factOf(node))?.cause).toMatch(/refused/)

  const other = await enrolledNode()
  const asked = vi.fn()
  await beat(other, await box(asked))
  await looking.probeNow(other.id)
  expect((await factOf(other))?.cause).toMatch(/not one that viewers use/)
  expect(asked).not.toHaveBeenCalled()
})

test('an address the beat did not come from is never asked', async () => {
  const node = await enrolledNode()
  const asked = vi.fn()
  const port = await box(asked, '127.0.0.9')
  await beat(node, port, '127.0.0.9')
  await prober([port]).probeNow(node.id)
  expect((await factOf(node))?.cause).toMatch(/came from 127.0.0.1/)
  expect(asked).not.toHaveBeenCalled()
})

test('since is when the answer changed, not when it was last asked', async () => {
  const node = await enrolledNode()
  let answer = signing(node.keys)
  const port = await box((request, response) => answer(request, response))
  await beat(node, port)
  const { probeNow } = prober([port])
  await probeNow(node.id)
  const first = await factOf(node)
  await probeNow(node.id)
  const second = await factOf(node)
  expect(second?.since).toEqual(first?.since)
  expect(second?.checkedAt.getTime()).toBeGreaterThan(first?.checkedAt.getTime() ?? 0)
  answer = (_, response) => response.writeHead(500).end()
  await probeNow(node.id)
  expect((await factOf(node))?.since.getTime()).toBeGreaterThan(first?.since.getTime() ?? 0)
})

test('who stops answering is suspect, then unreachable; offline when his lease is over, and nobody asks on', async () => {
  const node = await enrolledNode()
  let answer = signing(node.keys)
  let asked = 0
  const port = await box((request, response) => {
    asked += 1
    answer(request, response)
  })
  await beat(node, port)
  await db
    .updateTable('lease')
    .set({ ends_at: later(600) })
    .where('node_id', '=', node.id)
    .execute()
  const { probeAfter } = proberInTime(port, node)
  expect(await probeAfter(0)).toMatchObject({ state: 'pending' })
  expect(await probeAfter(11)).toMatchObject({ state: 'healthy' })
  answer = nothingHere
  expect(await probeAfter(11)).toMatchObject({
    state: 'suspect',
    cause: expect.stringContaining('not at this address'),
  })
  expect(await probeAfter(16)).toMatchObject({ state: 'unreachable' })
  const reachable = await factOf(node)
  expect(await probeAfter(600)).toMatchObject({ state: 'offline', cause: expect.stringContaining('neither') })
  expect(await factOf(node), 'of the living alone').toEqual(reachable)
  const before = asked
  await probeAfter(60)
  expect(asked).toBe(before)
})

test('who leaves in an orderly way is offline at once, and is not asked', async () => {
  const node = await enrolledNode()
  const port = await box(signing(node.keys))
  await beat(node, port)
  const { probeAfter } = proberInTime(port, node)
  await probeAfter(0)
  await node.beat({ leaving: true, ports: { playback: port, cdn: port, rtmp: 1935 } })
  expect(await probeAfter(1)).toMatchObject({ state: 'offline', cause: expect.stringContaining('orderly') })
})

const later = (seconds: number) => new Date(Date.now() + seconds * 1000)

/** A prober whose clock is moved on. */
function proberInTime(port: number, node: TestNode) {
  let ahead = 0
  const looking = startProber({
    ...rooms,
    rules: { ports: [port], loopback: true },
    log: silentLog,
    report: (error) => expect.fail(String(error)),
    now: () => later(ahead),
  })
  running.push(looking)
  return {
    async probeAfter(seconds: number) {
      ahead += seconds
      await looking.probeNow(node.id)
      return (await rooms.nodeViews.list()).find(({ id }) => id === node.id)?.standings?.[0]
    },
  }
}

test('a living node is found without being asked for, a revoked or departed one is left alone', async () => {
  const [living, revoked, departed] = [await enrolledNode(), await enrolledNode(), await enrolledNode()]
  const port = await box(signing(living.keys))
  for (const node of [living, revoked, departed]) await beat(node, port)
  await rooms.fleetRegister.revokeNode(revoked.id)
  await departed.beat({ leaving: true })
  const { probeNow } = prober([port])
  await vi.waitFor(async () => expect(await factOf(living)).toMatchObject({ is: true }), { timeout: 3000 })
  for (const node of [revoked, departed]) {
    await probeNow(node.id)
    expect(await factOf(node)).toBeUndefined()
  }
})

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

test('a node that viewers have lost falls within seconds, if the prober finds others meanwhile', async () => {
  const [lost, other] = [await healthyNode(), await healthyNode()]
  lost.held.answer = nothingHere
  const begun = performance.now()
  await prober([lost.port, other.port]).watchClosely(lost.node.id)
  expect(await lost.stateOf()).toBe('unreachable')
  expect(performance.now() - begun).toBeLessThan(8000)
  expect(other.held.asked).toBeGreaterThan(0)
  expect(await other.stateOf()).toBe('healthy')
})

test('viewers’ word takes nobody down who is found, and costs him a probe', async () => {
  const node = await healthyNode()
  await prober([node.port]).watchClosely(node.node.id)
  expect(await node.stateOf()).toBe('healthy')
  expect(node.held.asked).toBeLessThanOrEqual(2) // one of them may be the round's own
})

test('when the others are missed with it, viewers’ word counts for nothing: it may be the prober', {
  timeout: 30_000,
}, async () => {
  await db.deleteFrom('standing').execute()
  const [one, two] = [await healthyNode(), await healthyNode()]
  for (const { held } of [one, two]) held.answer = nothingHere
  const looking = prober([one.port, two.port])
  const watching = looking.watchClosely(one.node.id)
  await vi.waitFor(() => expect(one.held.asked).toBeGreaterThan(6), { timeout: 12_000 })
  expect(await one.stateOf()).toBe('suspect')
  await looking.stop()
  await watching
})
