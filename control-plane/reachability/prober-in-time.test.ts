import { expect, test, vi } from 'vitest'
import { box, later, nothingHere, signing, startTestProber } from '../../tests/setup/start-test-prober.ts'

const { rooms, db, enrolledNode, prober, proberInTime, beat, factOf, healthyNode } = await startTestProber()

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
