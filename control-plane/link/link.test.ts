import { createKeyPair } from '@sixcast/shared/contract/identity-key.ts'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { freePort } from '../../tests/setup/free-port.ts'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'
import { joinBroker } from './join-broker.ts'
import { linkAccess } from './link-access.ts'
import { CONTROL_PLANE } from './link-rights.ts'
import { nodePasswords } from './node-password.ts'

const { rooms, enrolledNode } = await startTestControlPlane()
const seemedGone: string[] = []
const port = await freePort()
const settings = { url: undefined, port, bind: ['127.0.0.1'], publicUrl: `mqtt://127.0.0.1:${port}` }
const link = {
  ...linkAccess({ ...rooms, mqtt: settings }),
  ...(await joinBroker({
    ...{ ...rooms, mqtt: settings, log: silentLog },
    measured: () => {},
    seemsGone: (id) => seemedGone.push(id),
  })),
}
afterAll(() => link.stop())

let node: TestNode
const clients: MqttClient[] = []
beforeEach(async () => {
  node = await enrolledNode()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.end(true)
})

function connect(options: mqtt.IClientOptions): MqttClient {
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  })
  clients.push(client)
  client.on('error', () => {})
  return client
}

/** Which of the two happens first. */
const outcome = (client: MqttClient) =>
  new Promise<'connected' | 'closed'>((resolve) => {
    client.once('connect', () => resolve('connected'))
    client.once('close', () => resolve('closed'))
  })

const closed = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', resolve))

async function connected(of: TestNode, options: mqtt.IClientOptions = {}) {
  const { username, password } = link.accessFor(of.id)
  const client = connect({ clientId: of.id, username, password, ...options })
  expect(await outcome(client)).toBe('connected')
  return client
}

const metrics = (percent: number): NodeMetrics => ({
  measuredAt: '1970-01-01T00:00:00Z',
  uptimeSeconds: 1,
  cpu: { percent, cores: 4, load1: 0.5 },
  memory: { totalBytes: 2, usedBytes: 1 },
  storage: [],
  network: [],
  processes: [],
})

async function stored(of: TestNode) {
  return (await rooms.nodeViews.list()).find(({ id }) => id === of.id)?.metrics
}

test('the latest metrics of a node are stored', async () => {
  const client = await connected(node)
  for (const percent of [10, 20, 30])
    await client.publishAsync(`fleet/${node.id}/metrics`, JSON.stringify(metrics(percent)), { qos: 1 })
  await vi.waitFor(async () => expect((await stored(node))?.cpu.percent).toBe(30), { timeout: 5000 })
})

test.each([
  ['no JSON', 'hello'],
  ['something else', '{"cpu":"hot"}'],
  ['nothing', ''],
])('metrics that are %s are dropped, and the next are stored', async (_, payload) => {
  const client = await connected(node)
  await client.publishAsync(`fleet/${node.id}/metrics`, payload, { qos: 1 })
  await client.publishAsync(`fleet/${node.id}/metrics`, JSON.stringify(metrics(5)), { qos: 1 })
  await vi.waitFor(async () => expect((await stored(node))?.cpu.percent).toBe(5), { timeout: 5000 })
})

test.each(['fleet/{other}/metrics', 'fleet/{own}/else', 'fleet/{own}/metrics/more', '$SYS/x', 'elsewhere'])(
  'a node that publishes to %s is put out',
  async (topic) => {
    const other = await enrolledNode()
    const client = await connected(node)
    const putOut = closed(client)
    client.publish(topic.replace('{own}', node.id).replace('{other}', other.id), JSON.stringify(metrics(99)))
    await putOut
    expect(await stored(other)).toBeUndefined()
  },
)

test.each([
  ...['#', 'fleet/+/metrics', 'fleet/{other}/metrics', 'fleet/{other}/wake'],
  ...['fleet/{own}/#', 'fleet/{own}/+', 'fleet/{own}/wake/#', 'fleet/{own}/made-up'],
])('a node may not listen to %s', async (filter) => {
  const other = await enrolledNode()
  const client = await connected(node)
  const topic = filter.replace('{other}', other.id).replace('{own}', node.id)
  expect(await client.subscribeAsync(topic).catch((error) => error)).toBeInstanceOf(Error)
  await client.subscribeAsync(`fleet/${node.id}/wake`)
})

test('a node that listens is woken, and nobody else', async () => {
  const other = await enrolledNode()
  const heard: string[] = []
  for (const each of [node, other]) {
    const client = await connected(each)
    client.on('message', (topic) => heard.push(topic))
    await client.subscribeAsync(`fleet/${each.id}/wake`)
  }
  await vi.waitFor(() => {
    link.wake(node.id) // until its own connection stands
    expect(heard).toContain(`fleet/${node.id}/wake`)
  })
  expect(heard).not.toContain(`fleet/${other.id}/wake`)
})

test('a node cannot wake itself', async () => {
  const client = await connected(node)
  const putOut = closed(client)
  client.publish(`fleet/${node.id}/wake`, '{}')
  await putOut
})

test('a node that speaks with QoS 2, of which the broker keeps everything, is put out', async () => {
  const client = await connected(node)
  const putOut = closed(client)
  client.publish(`fleet/${node.id}/metrics`, JSON.stringify(metrics(1)), { qos: 2 })
  await putOut
  expect(await stored(node)).toBeUndefined()
})

const otherFleet = nodePasswords(createKeyPair())
test.each<[string, () => mqtt.IClientOptions]>([
  ['no name', () => ({})],
  ['a wrong password', () => ({ username: node.id, password: 'wrong' })],
  [
    'the password of another node',
    () => ({ username: node.id, password: link.accessFor('a'.repeat(20)).password }),
  ],
  ['a password of another fleet', () => ({ username: node.id, password: otherFleet.create(node.id) })],
  [
    'a good password of a node that never enrolled',
    () => ({ username: 'a'.repeat(20), password: link.accessFor('a'.repeat(20)).password }),
  ],
  [
    'the control plane’s name',
    () => ({ username: CONTROL_PLANE, password: link.accessFor(node.id).password }),
  ],
])('%s does not connect', async (_, options) => {
  expect(await outcome(connect({ clientId: node.id, ...options() }))).toBe('closed')
})

test('a password is good for an hour', () => {
  let time = Date.UTC(2026, 0, 1)
  const passwords = nodePasswords(rooms.fleetKey, () => time)
  const password = passwords.create(node.id)
  time += 3_599_000
  expect(passwords.verify(node.id, password)).toBe(true)
  time += 1000
  expect(passwords.verify(node.id, password)).toBe(false)
})

test('a node that sends a packet larger than any honest one is put out', async () => {
  const client = await connected(node)
  client.publish(`fleet/${node.id}/metrics`, Buffer.alloc(300_000))
  await new Promise<void>((resolve) => client.once('close', () => resolve()))
})

test('a node has a few connections at most', async () => {
  const outcomes: string[] = []
  const { username, password } = link.accessFor(node.id)
  for (const clientId of ['a', 'b', 'c', 'd', 'e', 'f'])
    outcomes.push(await outcome(connect({ clientId, username, password })))
  expect(outcomes).toEqual([...Array(5).fill('connected'), 'closed'])
})

test('nobody pushes a node out by taking its client id', async () => {
  const client = await connected(node)
  const other = await enrolledNode()
  await connected(other, { clientId: node.id })
  connect({ clientId: node.id, username: node.id, password: 'wrong' })
  await client.publishAsync(`fleet/${node.id}/metrics`, JSON.stringify(metrics(7)), { qos: 1 })
  await vi.waitFor(async () => expect((await stored(node))?.cpu.percent).toBe(7), { timeout: 5000 })
  expect(client.connected).toBe(true)
})

test('a node whose connection breaks seems gone', async () => {
  const topic = `fleet/${node.id}/presence`
  const client = await connected(node, {
    will: { topic, payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
  })
  await client.publishAsync(topic, '{"state":"online"}', { qos: 1, retain: true })
  expect(seemedGone).not.toContain(node.id)
  client.stream.destroy()
  await vi.waitFor(() => expect(seemedGone).toContain(node.id), { timeout: 5000 })
})

test('a revoked node is put out and does not come back', async () => {
  const client = await connected(node)
  const putOut = closed(client)
  await rooms.fleetRegister.revokeNode(node.id)
  await putOut
  const { username, password } = link.accessFor(node.id)
  expect(await outcome(connect({ username, password }))).toBe('closed')
}, 10_000)
