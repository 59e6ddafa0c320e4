import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { beating, closeAll, controlPlane, newBox, startAgent, stream } from './start-test-agent.ts'

vi.setConfig({ testTimeout: 40_000 })
afterEach(closeAll)

/** Several processes share the machine with this test. */
const WITHIN = { timeout: 15_000, interval: 20 }

test('a claim enrols the node, and is erased after the first accepted heartbeat and not before', async () => {
  const cloud = await controlPlane()
  cloud.manner.refuse.set('/v1/heartbeat', 'unavailable')
  const box = newBox()
  const agent = startAgent(box)
  await agent.says('waiting for a claim')
  box.putClaim(cloud.createClaim())
  await agent.says('the heartbeat is not accepted')
  expect(cloud.heard.enrolments).toHaveLength(1)
  expect(box.hasClaim()).toBe(true)
  cloud.manner.refuse.clear()
  await agent.says('the claim has been used and is erased')
  expect(box.hasClaim()).toBe(false)
  expect(cloud.heard.beats[0]).toMatchObject({
    epoch: 1,
    claimed: '127.0.0.9',
    from: '127.0.0.9',
    live: [],
    ports: { playback: 8083, cdn: 8084, rtmp: 1935 },
  })
  expect(box.modes('node.key', 'identity.json', 'boot-epoch')).toEqual([0o600, 0o600, 0o600])
})

test('a node killed between enrolment and first heartbeat goes on as the same node', async () => {
  const cloud = await controlPlane()
  cloud.manner.mute.add('/v1/enrol')
  const box = newBox(cloud.createClaim())
  const first = startAgent(box)
  await vi.waitFor(() => expect(cloud.heard.enrolments).toHaveLength(1), WITHIN)
  await first.kill()
  expect(box.read('identity.json')).toBeUndefined()
  cloud.manner.mute.clear()
  cloud.manner.refuse.set('/v1/heartbeat', 'unavailable')
  const second = startAgent(box)
  await second.says('the heartbeat is not accepted')
  await second.kill()
  expect(box.hasClaim()).toBe(true)
  cloud.manner.refuse.clear()
  await startAgent(box).says('the claim has been used and is erased')
  expect(new Set(cloud.heard.enrolments.map(({ publicKey }) => publicKey)).size).toBe(1)
  expect(cloud.nodes.size).toBe(1)
  expect(cloud.heard.beats[0]).toMatchObject({ epoch: 3, number: expect.any(Number) })
})

test('a copy of a node’s card and the node itself both go on, each as an instance of its own: that is how they are found', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  await (await beating(box)).stop()
  const copy = newBox()
  cpSync(box.state, copy.state, { recursive: true })
  for (const each of [box, copy]) await beating(each)
  await vi.waitFor(() => {
    const turns = cloud.heard.beats
      .map(({ instance }) => instance)
      .filter((each, at, all) => each !== all[at - 1])
    expect(turns.length).toBeGreaterThan(4) // the first start is over, and two take turns
    expect(new Set(turns).size).toBe(3)
  }, WITHIN)
  expect(cloud.nodes.size).toBe(1)
})

test('a control plane of another fleet never hears the secret', async () => {
  const [cloud, other] = [await controlPlane(), await controlPlane()]
  const box = newBox(cloud.createClaim())
  cloud.manner.signer = other.signer
  const agent = startAgent(box)
  await agent.says("is not of the claim's fleet")
  expect(cloud.heard.enrolments).toEqual([])
  expect(box.hasClaim()).toBe(true)
  box.putClaim(other.createClaim())
  await agent.says('the claim has been used and is erased')
  expect(other.heard.beats.length).toBeGreaterThan(0)
})

test.each([
  ['expired', 'The claim has expired.'],
  ['used', 'The claim has been used by another node.'],
] as const)(
  'a claim that is %s is refused in one sentence, and the next one is taken',
  async (state, sentence) => {
    const cloud = await controlPlane()
    const box = newBox(cloud.createClaim(state))
    const agent = startAgent(box)
    await agent.says(sentence)
    box.putClaim(cloud.createClaim())
    await agent.says('the control plane accepts the heartbeat')
    expect(cloud.heard.enrolments).toHaveLength(2)
    expect(agent.lines().filter((line) => line.includes(sentence))).toHaveLength(1)
  },
)

test('a file that holds no claim is named', async () => {
  const box = newBox('sixcast-claim-1.rubbish')
  await startAgent(box).says(`${box.claimPath} holds no claim.`)
})

test('each try takes a new number, and no secret is in the log', async () => {
  const cloud = await controlPlane()
  const claim = cloud.createClaim()
  const box = newBox(claim)
  const agent = startAgent(box)
  await vi.waitFor(() => expect(cloud.heard.beats.length).toBeGreaterThan(2), WITHIN)
  const numbers = cloud.heard.beats.map(({ number }) => number)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(new Set(cloud.heard.beats.map(({ epoch }) => epoch))).toEqual(new Set([1]))
  await agent.stop()
  const log = agent.lines().join('\n')
  expect(log).not.toContain(cloud.heard.enrolments[0]?.secret)
  expect(log).not.toContain(claim)
  expect(log).not.toContain(box.read('node.key')?.split('\n')[1])
})

test('an epoch that lies behind is raised beyond the one the fleet signs, for good', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  const agent = await beating(box)
  await agent.stop()
  cloud.forgetNumbers({ epoch: 41 })
  const again = startAgent(box)
  await again.says('the boot epoch lay behind and was raised')
  await vi.waitFor(() => expect(cloud.heard.beats.at(-1)?.epoch).toBe(42), WITHIN)
  expect(box.read('boot-epoch')).toBe('42\n')
})

test('nobody but the fleet talks a node into another epoch', async () => {
  const [cloud, other] = [await controlPlane(), await controlPlane()]
  const box = newBox(cloud.createClaim())
  const agent = await beating(box)
  await agent.stop()
  cloud.forgetNumbers({ epoch: 41 })
  cloud.manner.signer = other.signer
  await startAgent(box).says('epoch-behind')
  expect(box.read('boot-epoch')).toBe('2\n')
})

test('a state folder out of a backup finds its way out of the numbers it has used before', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  const agent = await beating(box)
  await agent.stop()
  cloud.forgetNumbers({ epoch: 2, highest: 500 })
  await beating(box)
  expect(cloud.heard.beats.at(-1)?.epoch).toBe(3)
})

test('a revoked node says so once, and does not knock at every change', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  const agent = await beating(box)
  cloud.manner.refuse.set('/v1/heartbeat', 'node-revoked')
  await agent.says('An operator has revoked this node')
  await agent.put([stream()])
  expect(await agent.get('/health')).toMatchObject({ fleet: 'barred', cause: 'node-revoked' })
  expect(agent.lines().filter((line) => line.includes('revoked'))).toHaveLength(1)
  expect(agent.lines().join()).toContain(`empty ${box.state}`)
  expect(cloud.heard.reports).toEqual([])
})

test('a claim does not take a revoked node back: it is told to make a new key', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  const agent = await beating(box)
  cloud.manner.refuse.set('/v1/heartbeat', 'node-revoked').set('/v1/enrol', 'node-revoked')
  await agent.says('the fleet does not take this node')
  box.putClaim(cloud.createClaim())
  await agent.says('the claim was refused')
  expect(agent.lines().at(-1)).toContain(`empty ${box.state}`)
  expect(agent.lines().at(-1)).not.toContain('Put another one')
})

test('a node its control plane has forgotten is enrolled again by a new claim', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  const agent = await beating(box)
  cloud.nodes.clear()
  await agent.says('The control plane does not know this node')
  box.putClaim(cloud.createClaim())
  await vi.waitFor(() => expect(cloud.nodes.size).toBe(1), WITHIN)
  await vi.waitFor(() => expect(box.hasClaim()).toBe(false), WITHIN)
})

test.each(['node.key', 'identity.json'])('a spoilt %s is one sentence and no start', async (file) => {
  const box = newBox()
  writeFileSync(join(box.state, file), 'spoilt')
  const agent = startAgent(box)
  expect(await agent.ended).toBe(1)
  expect(agent.lines()).toHaveLength(1)
  expect(agent.lines()[0]).toContain(`${file} is `)
  expect(agent.lines()[0]).not.toContain('stack')
})
