import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startLink } from './start-link.ts'
import { startBroker } from './start-test-broker.ts'

const ONLINE = { state: 'online' }
const OFFLINE = { state: 'offline' }
const WITHIN = { timeout: 15_000, interval: 20 }
vi.setConfig({ testTimeout: 40_000 })

test('presence is told once at each end of a connection that ends in order', async () => {
  const broker = await newBroker()
  const presence = await broker.hear('fleet/n1/presence')
  const first = newLink()
  first.link.useAccess(broker.access())
  await vi.waitFor(() => expect(presence).toEqual([ONLINE]), WITHIN)
  await first.link.stop()
  await vi.waitFor(() => expect(presence).toEqual([ONLINE, OFFLINE]), WITHIN)
})

test('metrics go out while the link is up, and are not kept while it is down', async () => {
  const broker = await newBroker()
  const metrics = await broker.hear('fleet/n1/metrics')
  const { link } = newLink()
  link.publishMetrics(measured(1))
  link.useAccess(broker.access())
  await vi.waitFor(() => expect(link.connected()).toBe(true), WITHIN)
  link.publishMetrics(measured(2))
  await vi.waitFor(() => expect(metrics).toEqual([measured(2)]), WITHIN)
})

test('a killed broker is waited for and found again, with the newest password', async () => {
  const broker = await newBroker()
  const { link, lines, returned } = newLink()
  link.useAccess(broker.access())
  await vi.waitFor(() => expect(link.connected()).toBe(true), WITHIN)
  link.useAccess({ ...broker.access(), password: 'second' })
  broker.kill()
  await vi.waitFor(() => expect(lines.join()).toContain('the link is down'), WITHIN)
  const again = await newBroker(broker.port)
  await vi.waitFor(() => expect(link.connected()).toBe(true), WITHIN)
  expect(again.passwords.at(-1)).toBe('second')
  expect(returned).toHaveBeenCalledTimes(1)
  expect(lines.join()).not.toContain('second')
})

test('another broker is gone to at once, and no broker at all is given up', async () => {
  const [one, other] = [await newBroker(), await newBroker()]
  const { link } = newLink()
  link.useAccess(one.access())
  await vi.waitFor(() => expect(one.passwords).toHaveLength(1), WITHIN)
  link.useAccess(other.access())
  await vi.waitFor(() => expect(other.passwords).toHaveLength(1), WITHIN)
  link.useAccess(undefined)
  await vi.waitFor(() => expect(link.connected()).toBe(false), WITHIN)
})

test('a node that has moved connects anew at once, however many moves came before', async () => {
  const broker = await newBroker()
  const { link } = newLink()
  link.useAccess(broker.access())
  for (const connections of [1, 2, 3, 4]) {
    await vi.waitFor(() => expect(broker.passwords).toHaveLength(connections), WITHIN)
    await vi.waitFor(() => expect(link.connected()).toBe(true), WITHIN)
    link.connectAnew()
  }
})

test('connections come from the given address, and from any when that one leads nowhere', async () => {
  const broker = await newBroker()
  let source = '127.0.0.21'
  const { link } = newLink(() => source)
  link.useAccess(broker.access())
  await vi.waitFor(() => expect(broker.sources).toEqual(['127.0.0.21']), WITHIN)
  await vi.waitFor(() => expect(link.connected()).toBe(true), WITHIN)
  source = '2a01:4f8::dead'
  link.connectAnew()
  await vi.waitFor(() => expect(broker.sources).toEqual(['127.0.0.21', '127.0.0.1']), WITHIN)
})

test('an address that is none is said, and ends nothing', async () => {
  const { link, lines } = newLink()
  link.useAccess({ url: 'nonsense', username: 'n1', password: 'first' })
  await vi.waitFor(() => expect(lines.join()).toContain('the link cannot be made'), WITHIN)
  const broker = await newBroker()
  link.useAccess(broker.access())
  await vi.waitFor(() => expect(link.connected()).toBe(true), WITHIN)
})

test('a wake-up of the control plane is passed on', async () => {
  const broker = await newBroker()
  const { link, woken } = newLink()
  link.useAccess(broker.access())
  await vi.waitFor(async () => {
    await broker.say('fleet/n1/wake', {}) // until it listens
    expect(woken).toHaveBeenCalled()
  }, WITHIN)
})

async function newBroker(port?: number) {
  const broker = await startBroker(port)
  onTestFinished(() => void broker.kill())
  return broker
}

function newLink(source: () => string | undefined = () => undefined) {
  const lines: string[] = []
  const returned = vi.fn()
  const log = createLog('test', (line) => lines.push(line))
  const woken = vi.fn()
  const link = startLink({ nodeId: 'n1', source, returned, woken, log })
  onTestFinished(() => link.stop())
  return { link, lines, returned, woken }
}

function measured(uptimeSeconds: number) {
  return {
    measuredAt: '2026-01-01T00:00:00.000Z',
    uptimeSeconds,
    cpu: { percent: 1, cores: 2, load1: 0 },
    memory: { totalBytes: 2, usedBytes: 1 },
    storage: [],
    network: [],
    processes: [],
  }
}
