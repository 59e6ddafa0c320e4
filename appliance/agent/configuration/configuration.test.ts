import { afterEach, expect, test, vi } from 'vitest'
import { beating, closeAll, controlPlane, newBox, startAgent, stream } from '../start-test-agent.ts'

vi.setConfig({ testTimeout: 40_000 })
afterEach(closeAll)

/** Several processes share the machine with this test. */
const WITHIN = { timeout: 15_000, interval: 20 }
/** A trial of two seconds; without heartbeats, the node is back after three. */
const SHORT = { env: { CONFIGURATION_TRIAL_SECONDS: '2' } }

test('what is wanted is fetched, done step by step, reported, kept, and still there after a restart', async () => {
  const [cloud, other] = [await controlPlane(), await controlPlane()]
  const box = newBox(cloud.createClaim())
  const agent = startAgent(box, SHORT)
  await agent.says('the control plane accepts the heartbeat')
  const settings = { mostStreams: 1, release: '9', colour: 'red', duty: 'x', controlPlaneUrl: other.url }
  cloud.manner.configuration = { version: 3, settings }
  const media = speakAsMedia(agent, (limits) => limits)
  await vi.waitFor(() => expect(cloud.heard.configurations.at(-1)?.state).toBe('kept'), WITHIN)
  media.stop()
  expect(cloud.heard.configurations.map(({ state, inForce }) => [state, inForce])).toEqual([
    ['trial', 3],
    ['kept', 3],
  ])
  expect(cloud.heard.configurations[0]?.steps).toMatchObject([
    { setting: 'mostStreams', outcome: 'applied' },
    { setting: 'release', outcome: 'unsupported' },
    { setting: 'colour', outcome: 'unsupported' },
    { setting: 'duty', outcome: 'rejected', why: expect.stringContaining('duty') },
    { setting: 'controlPlaneUrl', outcome: 'rejected', why: expect.stringContaining(other.url) },
  ])
  await agent.stop()
  const again = await beating(box)
  expect(await again.put([])).toMatchObject([200, { limits: { mostStreams: 1 } }])
  expect(await again.get('/health')).toMatchObject({ configuration: { version: 3, onTrial: false } })
})

test('a configuration with which no heartbeat is accepted is taken back by the node itself, and not tried again', async () => {
  const [cloud, mute] = [await controlPlane(), await controlPlane()]
  mute.manner.signer = cloud.signer // it proves itself, and then takes no heartbeat
  const box = newBox(cloud.createClaim())
  const agent = startAgent(box, SHORT)
  await agent.says('the control plane accepts the heartbeat')
  cloud.manner.configuration = { version: 7, settings: { controlPlaneUrl: mute.url, mostViewers: 1 } }
  await agent.says('a new configuration is on trial')
  const brokenAt = performance.now()
  await agent.says('the last good configuration is back')
  await vi.waitFor(() => expect(cloud.heard.configurations).toHaveLength(1), WITHIN)
  expect(performance.now() - brokenAt).toBeLessThan(12_000)
  expect(cloud.heard.configurations).toMatchObject([
    { version: 7, state: 'returned', inForce: 0, cause: 'no heartbeat was accepted for 3 seconds' },
  ])
  const beats = cloud.heard.beats.length
  await vi.waitFor(() => expect(cloud.heard.beats.length).toBeGreaterThan(beats + 2), WITHIN)
  expect(agent.lines().filter((line) => line.includes('on trial'))).toHaveLength(1)
})

/** Reports as media does, and honours what it is told, as far as `honours` says. */
function speakAsMedia(agent: ReturnType<typeof startAgent>, honours: (limits: object) => object | undefined) {
  let limits: object | undefined
  let over = false
  async function speak() {
    while (!over) {
      const [, reply] = await agent.put([stream()], { limits })
      limits = honours(reply.limits)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  void speak().catch(() => {})
  return { stop: () => (over = true) }
}
