import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { pullDesk } from './pull-desk.ts'
import { pullMetrics } from './pull-metrics.ts'
import { pullRepository } from './pull-repository.ts'
import { PullRule, pullTarget } from './pull-rule.ts'

const db = await freshDatabase()
const pulls = pullRepository(db)
const desk = pullDesk({ pulls })
const [ONE, OTHER] = ['a'.repeat(20), 'b'.repeat(20)]
const metrics: NodeMetrics = {
  measuredAt: '2026-01-01T00:00:00Z',
  uptimeSeconds: 1,
  cpu: { percent: 5, cores: 4, load1: 0.5 },
  memory: { totalBytes: 2, usedBytes: 1 },
  ...{ storage: [], network: [], processes: [] },
}

/** Every other one that asks is answered for ever. */
const DRIPPING = 299
/** A node's web server, as far as this is concerned. */
let answer = { status: 200, text: JSON.stringify(metrics) }
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  if (answer.status === DRIPPING && asked.length % 2) {
    response.writeHead(200).write(' ')
    const drip = setInterval(() => response.write(' '), 100)
    return response.on('close', () => clearInterval(drip))
  }
  return response.writeHead(answer.status === DRIPPING ? 200 : answer.status).end(answer.text)
})
await once(server.listen(0, '127.0.0.1'), 'listening')
afterAll(() => server.close())
const { port } = server.address() as AddressInfo

beforeEach(async () => {
  answer = { status: 200, text: JSON.stringify(metrics) }
  for (const table of ['metrics_pull', 'metrics_pull_trouble', 'lease', 'node'] as const)
    await db.deleteFrom(table).execute()
  for (const id of [ONE, OTHER]) {
    await db
      .insertInto('node')
      .values({ id, public_key: id, name: id.slice(0, 3), hardware: '', enrolled_at: new Date() })
      .execute()
    await db.insertInto('lease').values({ node_id: id, proven: '127.0.0.1', playback_port: port }).execute()
  }
})

let running: { stop: () => Promise<void> }
function pulling(isOurs = () => true) {
  const heard: [string, number | undefined][] = []
  const loop = pullMetrics({
    pulls,
    measured: (nodeId, { cpu }, wanted) => heard.push([nodeId, wanted ? wanted.size : cpu.percent]),
    isOurTurn: isOurs,
    report: (error) => expect(error).toBeUndefined(),
    ...{ everyMs: 5, readEveryMs: 10 },
  })
  onTestFinished(() => loop.stop())
  running = loop
  return heard
}

test('nobody is asked until it is wanted, then those of whom it is', async () => {
  const heard = pulling()
  await desk.setRule(OTHER, { pulled: true, seconds: 3600, series: ['cpu', 'memory'] })
  await expect.poll(() => heard).toEqual([[OTHER, 2]])
  await desk.setFleetRule({ pulled: true, seconds: 3600 })
  await expect
    .poll(() => heard)
    .toEqual([
      [OTHER, 2],
      [ONE, 5],
    ])
  expect(asked).toEqual(['/api/metrics', '/api/metrics'])
})

test('one that is taken out of the rule is not asked', async () => {
  await desk.setRule(ONE, { pulled: false, seconds: 5 })
  await desk.setFleetRule({ pulled: true, seconds: 3600 })
  const heard = pulling()
  await expect.poll(() => heard.map(([id]) => id)).toEqual([OTHER])
  await desk.setRule(ONE, undefined)
  await expect.poll(() => heard.map(([id]) => id)).toEqual([OTHER, ONE])
})

test.each([
  ['nobody is there', { port: 1 }, {}, /^127\.0\.0\.1:1 could not be asked: .*ECONNREFUSED/],
  ['it is no node', {}, { status: 404, text: '' }, /answered 404 when it was asked for its measurements\.$/],
  [
    'it says something else',
    {},
    { status: 200, text: '<h1>' },
    /answered something that is no measurement\.$/,
  ],
  ['it says too much', {}, { status: 200, text: 'x'.repeat(300_000) }, /could not be asked/],
])('when %s, that is said until it is over', async (_, own, said, words) => {
  answer = { ...answer, ...said }
  await desk.setRule(ONE, { pulled: true, seconds: 5, ...own })
  const heard = pulling()
  await expect
    .poll(async () => (await desk.read()).troubles)
    .toMatchObject([{ name: 'aaa', cause: expect.stringMatching(words) }])
  expect(heard).toEqual([])
  await desk.setRule(ONE, undefined)
  await expect.poll(async () => (await desk.read()).troubles).toEqual([])
})

test('one that never comes to an end keeps nobody else waiting, and is given up', async () => {
  asked.length = 0
  answer = { ...answer, status: DRIPPING }
  await desk.setFleetRule({ pulled: true, seconds: 5 })
  const heard = pulling()
  await expect.poll(() => heard.length, { timeout: 3000 }).toBe(1)
  const words = async () => (await desk.read()).troubles.map(({ cause }) => cause)
  await expect.poll(words, { timeout: 10_000 }).toEqual([expect.stringContaining('could not be asked')])
})

test('a rule that is changed holds at once, not after what the old one had it wait', async () => {
  await desk.setRule(ONE, { pulled: true, seconds: 3600 })
  const heard = pulling()
  await expect.poll(() => heard).toHaveLength(1)
  await desk.setRule(ONE, { pulled: true, seconds: 3500 })
  await expect.poll(() => heard).toHaveLength(2)
})

test('what is broken off because the process ends is no trouble of a node', async () => {
  asked.length = 0
  answer = { ...answer, status: DRIPPING }
  await desk.setRule(ONE, { pulled: true, seconds: 5 })
  pulling()
  await expect.poll(() => asked).toHaveLength(1)
  await running.stop()
  expect((await desk.read()).troubles).toEqual([])
})

test('whoever has not the turn asks nobody', async () => {
  await desk.setFleetRule({ pulled: true, seconds: 5 })
  let looks = 0
  const heard = pulling(() => {
    looks += 1
    return false
  })
  await expect.poll(() => looks).toBeGreaterThan(3)
  expect(heard).toEqual([])
})

test.each([
  ['no address', { address: 'node.example' }],
  ['the control plane itself', { address: '127.0.0.1' }],
  ['the same written otherwise', { address: '::ffff:127.0.0.1' }],
  ['the services of a cloud', { address: '169.254.169.254' }],
  ['every address of this machine', { address: '0.0.0.0' }],
  ['the same of IPv6', { address: '::' }],
  ['an old way to write IPv4', { address: '::127.0.0.1' }],
  ['a translated address', { address: '64:ff9b::7f00:1' }],
  ['many at once', { address: '224.0.0.1' }],
  ['everybody', { address: '255.255.255.255' }],
  ['no port', { port: 70_000 }],
  ['all the time', { seconds: 1 }],
  ['nothing', { series: [] }],
  ['something that there is not', { series: ['password'] }],
])('%s is refused in words', async (_, wrong) => {
  await expect(desk.setRule(ONE, { pulled: true, seconds: 5, ...wrong })).rejects.toThrow(
    /^(address|port|seconds|series)\b/,
  )
})

test('a node is asked where viewers are sent, unless it is said otherwise', () => {
  const node = { nodeId: ONE, proven: '2001:4dd0::7', playbackPort: 8083 }
  const rule = PullRule.parse({ pulled: true, seconds: 5 })
  expect(pullTarget({ ...node, rule })).toEqual({ host: '2001:4dd0::7', port: 8083 })
  expect(pullTarget({ ...node, rule: { ...rule, address: '10.8.0.7', port: 80 } })).toEqual({
    host: '10.8.0.7',
    port: 80,
  })
  expect(pullTarget({ nodeId: ONE, rule })).toBeUndefined()
})
