import { beforeEach, expect, test, vi } from 'vitest'
import { mirrorPlanner, startMirrorPlan } from './mirror-plan.ts'
import { SESSION, startTestMirrors } from './start-test-mirrors.ts'

const { rooms, healthyNode, newStream, planMirrors, woken, clear, db } = await startTestMirrors()

let name: string
beforeEach(async () => {
  await clear()
  name = await newStream()
  await planMirrors()
  woken.length = 0
})

const FROM = '[2a01:4f8::1]:8084'
const origin = () => healthyNode('2a01:4f8::1')
const other = (letter = '2') => healthyNode(`2a01:4f8:${letter}::1`)

test('a stream that goes live is copied by another node, which is woken and told with its next heartbeat', async () => {
  const [a, b] = [await origin(), await other()]
  await rooms.mirrorDesk.setRule({ copies: 2 })
  await planMirrors()
  expect(await b.told()).toEqual([])
  await a.report(name)
  await planMirrors()
  expect(woken).toEqual([b.id])
  expect(await b.told()).toEqual([{ stream: name, session: SESSION, from: FROM }])
  expect(await a.told()).toEqual([])
  await planMirrors()
  expect(woken).toEqual([b.id])
})

test('nothing is copied until somebody wants it', async () => {
  const [a, b] = [await origin(), await other()]
  await a.report(name)
  await planMirrors()
  expect(await b.told()).toEqual([])
  await rooms.mirrorDesk.choose(name, { copies: 2 })
  await planMirrors()
  expect(await b.told()).toHaveLength(1)
  await rooms.mirrorDesk.choose(name, { copies: 1 })
  await planMirrors()
  expect(await b.told()).toEqual([])
  expect(woken).toEqual([b.id, b.id])
})

test('a new session and a new address of the origin are told at once; an end ends the copies', async () => {
  const [a, b] = [await origin(), await other()]
  await rooms.mirrorDesk.choose(name, { nodes: [b.id] })
  await a.report(name)
  await planMirrors()
  await a.report(name, {}, 's00000000000b')
  await a.report(name, { state: 'ended' })
  await planMirrors()
  expect(await b.told()).toEqual([{ stream: name, session: 's00000000000b', from: FROM }])
  await rooms.reachability.recordProven({ nodeId: a.id, address: '2a01:4f8::1' })
  await db.updateTable('lease').set({ proven: '2a01:4f8::9' }).where('node_id', '=', a.id).execute()
  await planMirrors()
  expect(await b.told()).toMatchObject([{ from: '[2a01:4f8::9]:8084' }])
  await a.report(name, { state: 'ended' }, 's00000000000b')
  await planMirrors()
  expect(await b.told()).toEqual([])
  expect(woken).toEqual([b.id, b.id, b.id, b.id])
})

test('an origin that is lost at its claimed address is copied from its other one', async () => {
  const [a, b] = [await healthyNode('2a01:4f8::1'), await healthyNode('2a01:4f8:1::b')]
  const address = '45.66.1.1'
  await rooms.otherAddresses.keep({ epoch: 1, number: 1, nodeId: a.id, address, source: address })
  await rooms.reachability.recordOtherProven({ nodeId: a.id, address })
  await rooms.mirrorDesk.choose(name, { nodes: [b.id] })
  await a.report(name)
  await planMirrors()
  expect(await b.told()).toMatchObject([{ from: '[2a01:4f8::1]:8084' }])
  await a.stand('unreachable')
  await planMirrors()
  expect(await b.told()).toMatchObject([{ from: '45.66.1.1:8084' }])
})

test('a mirror that has fallen is replaced', async () => {
  const [a, b, c] = [await origin(), await other('2'), await other('3')]
  await rooms.mirrorDesk.choose(name, { copies: 2 })
  await a.report(name)
  await planMirrors()
  const [mirror, spare] = (await b.told()).length > 0 ? [b, c] : [c, b]
  await mirror.stand('unreachable')
  await planMirrors()
  expect([await mirror.told(), (await spare.told()).length]).toEqual([[], 1])
})

test('every process tells the same, whichever has ordered, and one that was started anew goes on', async () => {
  const nodes = [await origin(), await other('2'), await other('3'), await other('4')] as const
  await rooms.mirrorDesk.setRule({ copies: 3 })
  await nodes[0].report(name)
  await planMirrors()
  const orders = await rooms.mirrorOrders.list()
  expect(orders).toHaveLength(2)
  const wokenElsewhere = vi.fn()
  const elsewhere = mirrorPlanner({ ...rooms, wake: wokenElsewhere })
  expect(elsewhere.newsFor(nodes[1].id)).toEqual({})
  await elsewhere.round()
  for (const node of nodes) expect(elsewhere.newsFor(node.id).mirrors).toEqual(await node.told())
  expect(await rooms.mirrorOrders.list()).toEqual(orders)
  expect(wokenElsewhere).not.toHaveBeenCalled()
})

test('what another process has ordered wakes its node from here, too: it may ask us', async () => {
  const [a, b] = [await origin(), await other()]
  const elsewhere = mirrorPlanner({ ...rooms, wake: () => {} })
  await rooms.mirrorDesk.setRule({ copies: 2 })
  await a.report(name)
  await elsewhere.round()
  await planMirrors()
  expect(woken).toEqual([b.id])
})

test('a control plane that was away takes nobody for silent until it has listened for a while', async () => {
  const [a, b] = [await origin(), await other()]
  await rooms.mirrorDesk.setRule({ copies: 2 })
  await a.report(name)
  await planMirrors()
  const clock = { now: Date.now() + 5 * 60_000 }
  const restarted = mirrorPlanner({ ...rooms, wake: () => {}, now: () => new Date(clock.now) })
  await restarted.round()
  expect(restarted.newsFor(b.id).mirrors).toHaveLength(1)
  clock.now += 30_000
  await restarted.round()
  expect(restarted.newsFor(b.id).mirrors).toEqual([])
})

test('while nothing can be planned nodes are told what was, and after a while nothing, which ends no copy', async () => {
  const clock = { now: Date.now() }
  const report = vi.fn()
  const away = new Error('connect ECONNREFUSED')
  const planner = mirrorPlanner({ ...rooms, wake: () => {}, now: () => new Date(clock.now) })
  await planner.round()
  const failing = {
    round: vi.fn(async () => {
      throw away
    }),
  }
  const running = startMirrorPlan({ planner: failing, report, everyMs: 1 })
  await vi.waitFor(() => expect(failing.round.mock.calls.length).toBeGreaterThan(3))
  await running.stop()
  expect(report.mock.calls).toEqual([[away]])
  clock.now += 29_999
  expect(planner.newsFor('x')).toEqual({ mirrors: [] })
  clock.now += 1
  expect(planner.newsFor('x')).toEqual({})
})

test('who says to copy a stream unasked becomes no mirror by it', async () => {
  const [a, b, c] = [await origin(), await other('2'), await other('3')]
  await rooms.mirrorDesk.choose(name, { nodes: [b.id] })
  await a.report(name)
  await c.report(name, { role: 'mirror' })
  await planMirrors()
  expect([(await b.told()).length, await c.told()]).toEqual([1, []])
  await rooms.mirrorDesk.choose(name, { copies: 1 })
  await planMirrors()
  expect([await b.told(), await c.told()]).toEqual([[], []])
})
