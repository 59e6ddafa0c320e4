import { topics } from '@sixcast/shared/contract/node-metrics.ts'
import mqtt from 'mqtt'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../../tests/setup/free-port.ts'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { joinBroker } from '../link/join-broker.ts'
import { linkAccess } from '../link/link-access.ts'
import { mirrorPlanner, startMirrorPlan } from './mirror-plan.ts'
import { startTestMirrors } from './start-test-mirrors.ts'

const { rooms, healthyNode, newStream } = await startTestMirrors()

/** Two seconds where nothing else runs. */
const MOST_MS = 4000

/** The link as main.ts starts it, on a port of its own. */
async function startedLink() {
  const port = await freePort()
  const mqtt = { url: undefined, port, bind: ['127.0.0.1'], publicUrl: `mqtt://127.0.0.1:${port}` }
  const broker = await joinBroker({ ...rooms, mqtt, measured: () => {}, seemsGone: () => {}, log: silentLog })
  onTestFinished(() => broker.stop())
  return { ...broker, ...linkAccess({ ...rooms, mqtt }) }
}

/** A node that has joined the link, and hears when it is woken. */
async function listening(nodeId: string, link: Awaited<ReturnType<typeof startedLink>>) {
  const { url, username, password } = link.accessFor(nodeId)
  const client = mqtt.connect(url, { protocolVersion: 4, clientId: nodeId, username, password })
  onTestFinished(() => void client.end(true))
  await client.subscribeAsync(topics.wake.of(nodeId))
  return { woken: new Promise<number>((resolve) => client.once('message', () => resolve(performance.now()))) }
}

test('the node that is to copy a stream is woken as soon as it goes live', async () => {
  const [origin, mirror] = [await healthyNode('2a01:4f8::1'), await healthyNode('2a01:4f8:2::1')]
  const name = await newStream()
  await rooms.mirrorDesk.setRule({ copies: 2 })
  const link = await startedLink()
  const planner = mirrorPlanner({ ...rooms, wake: link.wake })
  const plan = startMirrorPlan({ planner, report: (error) => expect.fail(String(error)) })
  onTestFinished(() => plan.stop())
  await vi.waitFor(() => expect(planner.newsFor(mirror.id)).toEqual({ mirrors: [] }))
  const { woken } = await listening(mirror.id, link)
  const begun = performance.now()
  await origin.report(name)
  expect((await woken) - begun).toBeLessThan(MOST_MS)
  expect(planner.newsFor(mirror.id).mirrors).toMatchObject([{ stream: name, from: '[2a01:4f8::1]:8084' }])
})
