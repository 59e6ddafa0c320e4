import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { ProbeReply, probeText } from '@sixcast/shared/contract/probe.ts'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import * as z from 'zod'
import { startBroker } from './link/start-test-broker.ts'
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

test('the last heartbeat of an orderly end gives the lease back', async () => {
  const cloud = await controlPlane()
  const agent = await beating(newBox(cloud.createClaim()))
  await agent.stop()
  expect(cloud.heard.beats.at(-1)).toMatchObject({ leaving: true })
})

test('a clock at 1970 harms nothing', async () => {
  const cloud = await controlPlane()
  const agent = startAgent(newBox(cloud.createClaim()), { in1970: true })
  await agent.says('the claim has been used and is erased')
  await agent.put([stream()])
  await vi.waitFor(() => expect(cloud.heard.reports).toHaveLength(1), WITHIN)
  await vi.waitFor(() => expect(cloud.heard.beats.at(-1)?.live).toEqual(['golive']), WITHIN)
  await vi.waitFor(async () => {
    const metrics = NodeMetrics.parse(await agent.get('/api/metrics'))
    expect(metrics.measuredAt).toMatch(/^1970-/)
  }, WITHIN)
})

test('what media reports is handed on signed, and an immediate heartbeat tells what is live', async () => {
  const cloud = await controlPlane()
  cloud.manner.reply.nextSeconds = 60
  const agent = await beating(newBox(cloud.createClaim()))
  await agent.put([stream(), stream({ name: 'later', state: 'waiting', session: 'sbbbbbbbbbbbb' })])
  await vi.waitFor(() => expect(cloud.heard.beats.at(-1)?.live).toEqual(['golive']), WITHIN)
  await vi.waitFor(() => expect(cloud.heard.reports).toHaveLength(2), WITHIN)
  expect(cloud.heard.reports.map(({ name, state }) => [name, state]).sort()).toEqual([
    ['golive', 'live'],
    ['later', 'waiting'],
  ])
})

test('the control plane decides who may publish; away, it is said to be unavailable', async () => {
  const cloud = await controlPlane()
  const agent = await beating(newBox(cloud.createClaim()))
  const asked = { app: 'stream', name: 'golive', addr: '192.0.2.7', key: 'right' }
  expect(await agent.post('/authorize', asked)).toEqual([200, { allowed: true, name: 'golive', open: false }])
  expect(cloud.heard.authorizations).toEqual([asked])
  expect(await agent.post('/authorize', { ...asked, key: 'wrong-key' })).toEqual([
    403,
    { code: 'key-refused', message: 'This is not a key of this stream.' },
  ])
  cloud.manner.refuse.set('/v1/authorize', 'bug')
  expect(await agent.post('/authorize', asked)).toMatchObject([503, { code: 'unavailable' }])
  cloud.manner.refuse.clear()
  cloud.manner.mute.add('/v1/authorize')
  const before = performance.now()
  expect(await agent.post('/authorize', asked)).toMatchObject([503, { code: 'unavailable' }])
  expect(performance.now() - before).toBeLessThan(10_000) // two seconds, on a machine with other work
  await cloud.close()
  expect(await agent.post('/authorize', asked)).toMatchObject([503, { code: 'unavailable' }])
  await agent.stop()
  expect(agent.lines().join()).not.toMatch(/right|wrong-key/)
})

test('the node signs the nonce of a probe', async () => {
  const cloud = await controlPlane()
  const agent = await beating(newBox(cloud.createClaim()))
  const reply = ProbeReply.parse(await agent.get('/probe?nonce=aaaaaaaaaaaaaaaaaaaa&address=127.0.0.1'))
  const [node] = cloud.nodes.entries()
  expect(node?.[0]).toBe(reply.nodeId)
  const text = probeText(reply.nodeId, { nonce: 'aaaaaaaaaaaaaaaaaaaa', address: '127.0.0.1' })
  expect(verifyText(text, reply.signature, node?.[1].publicKey ?? '')).toBe(true)
  expect(await agent.get('/probe?nonce=aaaaaaaaaaaaaaaaaaaa&address=203.0.113.9')).toMatchObject({
    code: 'not-found',
  })
})

test('what does not fit is refused with a code', async () => {
  const agent = startAgent(newBox())
  await agent.says('the agent runs')
  expect(await agent.get('/probe?nonce=short')).toMatchObject({ code: 'bad-request' })
  expect(await agent.post('/authorize', { name: '../etc' })).toMatchObject([400, { code: 'bad-request' }])
  expect(await agent.post('/streams', {})).toMatchObject([404, { code: 'not-found' }])
})

test('every route of the socket is described', async () => {
  const agent = startAgent(newBox())
  await agent.says('the agent runs')
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.object({ summary: z.string() }))) })
    .parse(await agent.get('/openapi.json'))
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(routes.sort()).toEqual([
    'get /api/metrics',
    'get /health',
    'get /probe',
    'post /authorize',
    'put /streams',
  ])
})

test('a second agent on the same socket does not start, and leaves the first alone', async () => {
  const box = newBox()
  await startAgent(box).says('the agent runs')
  const second = startAgent(box)
  await second.says('Another process already answers')
  expect(await second.ended).toBe(1)
  expect(box.read('boot-epoch')).toBe('1\n')
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

test('a killed agent is given away by its last will, a running one is heard of', async () => {
  const [cloud, broker] = [await controlPlane(), await startBroker()]
  onTestFinished(() => void broker.kill())
  cloud.manner.reply.mqtt = broker.access()
  const agent = await beating(newBox(cloud.createClaim()))
  const [id] = cloud.nodes.keys()
  const presence = await broker.hear(`fleet/${id}/presence`)
  const metrics = await broker.hear(`fleet/${id}/metrics`)
  await vi.waitFor(() => expect(presence).toContainEqual({ state: 'online' }), WITHIN)
  await vi.waitFor(() => expect(NodeMetrics.parse(metrics[0])).toBeDefined(), WITHIN)
  await agent.kill()
  await vi.waitFor(() => expect(presence.at(-1)).toEqual({ state: 'offline' }), WITHIN)
})

test('media is told the time of the control plane, not that of the node', async () => {
  const cloud = await controlPlane()
  const agent = await beating(newBox(cloud.createClaim()))
  expect((await agent.put([]))[1]).toEqual({})
  const inAnHour = Date.now() + 3_600_000
  cloud.manner.reply = { ...cloud.manner.reply, time: new Date(inAnHour).toISOString() }
  await vi.waitFor(async () => {
    const { time } = z.object({ time: z.iso.datetime() }).parse((await agent.put([]))[1])
    expect(Date.parse(time) - inAnHour).toBeGreaterThanOrEqual(0)
    expect(Date.parse(time) - inAnHour).toBeLessThan(15_000)
  }, WITHIN)
})
