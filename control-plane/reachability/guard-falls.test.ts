import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import type { ProbeResult } from './ask-probe.ts'
import { startProber } from './prober.ts'

const { rooms, db, enrolledNode } = await startTestControlPlane()

const FOUND: ProbeResult = { is: 'found' }
const MISSED: ProbeResult = { is: 'missed', failure: 'silent', cause: 'Silence.' }
const UNASKED: ProbeResult = { is: 'unasked', cause: 'connect ENETUNREACH' }

let ahead = 0
let answers: Record<string, ProbeResult>
let prober: ReturnType<typeof startProber>
/** Whether anybody outside the fleet answers this machine; absent: nobody is asked. */
let outside: boolean | undefined
const now = () => new Date(Date.now() + ahead * 1000)

beforeEach(() => {
  ahead = 0
  answers = {}
  outside = undefined
  prober = startTestProber()
})
afterEach(async () => {
  await prober.stop()
  await db.deleteFrom('lease').execute()
  await db.deleteFrom('incident').execute()
})

const startTestProber = () =>
  startProber({
    ...rooms,
    ask: async (_, { nodeId }) => answers[nodeId] ?? FOUND,
    askLine: async () => ({ is: 'missed', cause: 'Not asked here.' }),
    seesOut: () => (outside === undefined ? undefined : Promise.resolve(outside)),
    rules: { ports: [8084], loopback: true },
    log: silentLog,
    report: (error) => expect.fail(String(error)),
    now,
  })

/** So many nodes, whose leases do not run out, and each of them healthy. */
async function healthyNodes(count: number): Promise<string[]> {
  const nodes = await Promise.all(Array.from({ length: count }, enrolledNode))
  for (const node of nodes) await node.beat()
  const endsAt = new Date(Date.now() + 3_600_000)
  await db.updateTable('lease').set({ ends_at: endsAt }).execute()
  const ids = nodes.map(({ id }) => id)
  await lookAfter(0, ids)
  await lookAfter(11, ids)
  expect(await statesOf(ids)).toEqual(ids.map(() => 'healthy'))
  return ids
}

async function lookAfter(seconds: number, ids: string[]) {
  ahead += seconds
  for (const id of ids) await prober.probeNow(id)
}

const answer = (result: ProbeResult, ids: string[]) => {
  for (const id of ids) answers[id] = result
}

async function statesOf(ids: string[]) {
  const views = await rooms.nodeViews.list()
  return ids.map((id) => views.find((view) => view.id === id)?.standings?.[0]?.state)
}

const open = () => rooms.incidents.listOpen()

test('when all of three fail at once none of them falls, and that ends by itself when they answer', async () => {
  const nodes = await healthyNodes(3)
  answer(MISSED, nodes)
  for (const seconds of [11, 16, 60, 900]) await lookAfter(seconds, nodes)
  expect(await statesOf(nodes)).toEqual(['suspect', 'suspect', 'suspect'])
  expect(await open()).toMatchObject([{ kind: 'freeze', family: 4, failing: 3, lately: 3 }])
  answer(FOUND, nodes)
  await lookAfter(3, nodes)
  expect(await statesOf(nodes)).toEqual(['healthy', 'healthy', 'healthy'])
  await vi.waitFor(async () => expect(await open()).toEqual([]), { timeout: 5000 })
})

test('two of three fall; with them the third does not, and its lease running out changes nothing', async () => {
  const nodes = await healthyNodes(3)
  const [third = '', ...others] = nodes
  answer(MISSED, others)
  await lookAfter(11, nodes)
  await lookAfter(16, nodes)
  expect(await statesOf(others)).toEqual(['unreachable', 'unreachable'])
  expect(await open()).toEqual([])
  answer(MISSED, [third])
  await lookAfter(11, nodes)
  await db.updateTable('lease').set({ ends_at: now() }).where('node_id', '=', third).execute()
  await lookAfter(16, nodes)
  expect(await statesOf([third])).toEqual(['suspect'])
  expect(await open()).toMatchObject([{ kind: 'freeze', failing: 3, lately: 3 }])
  answer(FOUND, [others[0] ?? ''])
  await lookAfter(3, nodes)
  await vi.waitFor(async () => expect(await open()).toEqual([]), { timeout: 5000 })
  await lookAfter(3, nodes)
  expect(await statesOf([third]), 'it alone fails now, with one other').toEqual(['offline'])
})

test('one of many falls, and who leaves in order is not counted with it', async () => {
  const nodes = await healthyNodes(4)
  const [first = '', ...others] = nodes
  answer(MISSED, nodes)
  await db
    .updateTable('lease')
    .set(({ ref }) => ({ ends_at: ref('beat_at') }))
    .where('node_id', 'in', others)
    .execute()
  await lookAfter(11, nodes)
  await lookAfter(16, nodes)
  expect(await statesOf(nodes)).toEqual(['unreachable', 'offline', 'offline', 'offline'])
  expect(await statesOf([first])).toEqual(['unreachable'])
  expect(await open()).toEqual([])
})

test('a prober that cannot ask changes no standing and says so, also after a restart, until it can', async () => {
  const nodes = await healthyNodes(1)
  answer(UNASKED, nodes)
  for (const seconds of [11, 16, 60]) await lookAfter(seconds, nodes)
  expect(await statesOf(nodes)).toEqual(['healthy'])
  const incidents = await open()
  expect(incidents).toMatchObject([{ kind: 'blind', family: 4, cause: 'connect ENETUNREACH' }])
  await prober.stop()
  prober = startTestProber()
  await lookAfter(11, nodes)
  expect(await open(), 'since the first time').toEqual(incidents)
  answer(FOUND, nodes)
  await lookAfter(11, nodes)
  expect(await open()).toEqual([])
})

test('the only node does not fall while nobody outside answers either, and does when others do', async () => {
  const nodes = await healthyNodes(1)
  answer(MISSED, nodes)
  outside = false
  for (const seconds of [11, 16, 60]) await lookAfter(seconds, nodes)
  expect(await statesOf(nodes)).toEqual(['suspect'])
  expect(await open()).toMatchObject([{ kind: 'blind', cause: expect.stringContaining('PROBE_CONTROLS') }])
  outside = true
  await lookAfter(3, nodes)
  expect(await statesOf(nodes)).toEqual(['unreachable'])
  answer(FOUND, nodes)
  await lookAfter(11, nodes)
  expect(await open()).toEqual([])
})

test('a prober that could not ask for the last node there was, is not blind for ever', async () => {
  const nodes = await healthyNodes(1)
  answer(UNASKED, nodes)
  await lookAfter(11, nodes)
  expect(await open()).toHaveLength(1)
  await rooms.fleetRegister.revokeNode(nodes[0] ?? '')
  ahead += 61
  await vi.waitFor(async () => expect(await open()).toEqual([]), { timeout: 5000 })
})
