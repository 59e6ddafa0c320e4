import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { ProbeReply, probeText } from '@sixcast/shared/contract/probe.ts'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import * as z from 'zod'
import { startBroker } from './link/start-test-broker.ts'
import { type Box, beating, closeAll, controlPlane, newBox, startAgent, stream } from './start-test-agent.ts'

vi.setConfig({ testTimeout: 40_000 })
afterEach(closeAll)

/** Several processes share the machine with this test. */
const WITHIN = { timeout: 15_000, interval: 20 }

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

test('what is to be copied is handed to media, also while the control plane is away, and dropped by who is barred', async () => {
  const cloud = await controlPlane()
  const agent = startAgent(newBox(cloud.createClaim()))
  const from = '[2a00:1:2::3]:8084'
  cloud.manner.reply = { ...cloud.manner.reply, mirrors: [{ stream: 'cam', session: 'saaaaaaaaaaaa', from }] }
  await agent.says('agent')
  expect(await agent.put([])).not.toMatchObject([200, { mirrors: expect.anything() }])
  await agent.says('the control plane accepts the heartbeat')
  const told = async () => (await agent.put([]))[1].mirrors
  await vi.waitFor(async () => expect(await told()).toEqual(cloud.manner.reply.mirrors), WITHIN)
  cloud.manner.refuse.set('/v1/heartbeat', 'bug')
  await agent.says('the heartbeat is not accepted')
  expect(await told()).toEqual(cloud.manner.reply.mirrors)
  cloud.manner.refuse.set('/v1/heartbeat', 'node-revoked')
  await vi.waitFor(async () => expect(await told()).toEqual([]), WITHIN)
})

test('the load of media goes along with the heartbeat', async () => {
  const cloud = await controlPlane()
  const agent = await beating(newBox(cloud.createClaim()))
  expect(cloud.heard.beats.at(-1)?.load).toBeUndefined()
  await agent.put([], { load: { viewers: 3, bitsPerSecond: 9e6 } })
  await vi.waitFor(
    () => expect(cloud.heard.beats.at(-1)?.load).toEqual({ viewers: 3, bitsPerSecond: 9e6 }),
    WITHIN,
  )
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

test('the verdict of the control plane is told in the node’s terminal', async () => {
  const cloud = await controlPlane()
  const box = newBox(cloud.createClaim())
  expect(await terminal(box)).toMatch(/^1: No agent answers at .*agent\.sock/)
  const agent = await beating(box)
  expect(await agent.get('/verdict')).toMatchObject({ name: 'box', is: 'passed' })
  expect(await terminal(box)).toMatch(/^0: Viewers outside reach box\.\n/)

  const steps = [
    { step: 'probe', is: 'failed', family: 6, cause: 'Silence.', remedy: 'Open TCP 8084.' },
  ] as const
  cloud.manner.verdict = { name: 'box', is: 'failed', steps: [...steps] }
  expect(await terminal(box)).toMatch(
    /^1: Viewers outside do not .* box\.\n\n {2}failed .*Silence\.\n.*Open TCP 8084/,
  )

  const path = `/v1/nodes/${[...cloud.nodes.keys()][0]}/verdict`
  cloud.manner.refuse.set(path, 'not-found')
  expect(await agent.get('/verdict')).toMatchObject({ message: expect.stringContaining('older release') })
  cloud.manner.refuse.set(path, 'bug')
  expect(await agent.get('/verdict')).toMatchObject({ code: 'unavailable' })
})

/** What the command says, after its exit code. */
async function terminal({ run }: Box): Promise<string> {
  const program = join(import.meta.dirname, 'cli.ts')
  return await promisify(execFile)(process.execPath, [program, 'verdict'], {
    env: { RUNTIME_DIRECTORY: run },
  }).then(
    ({ stdout }) => `0: ${stdout}`,
    ({ code, stdout, stderr }) => `${code}: ${stdout}${stderr}`,
  )
}

test('what does not fit is refused with a code', async () => {
  const agent = startAgent(newBox())
  await agent.says('the agent runs')
  expect(await agent.get('/probe?nonce=short')).toMatchObject({ code: 'bad-request' })
  expect(await agent.post('/authorize', { name: '../etc' })).toMatchObject([400, { code: 'bad-request' }])
  expect(await agent.post('/streams', {})).toMatchObject([405, { code: 'bad-method' }])
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
    'get /trial',
    'get /verdict',
    'get /verdict/link',
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
  const [, before] = await agent.put([])
  expect(before).toMatchObject({ unknown: [], limits: {} })
  expect(before).not.toHaveProperty('time')
  const inAnHour = Date.now() + 3_600_000
  cloud.manner.reply = { ...cloud.manner.reply, time: new Date(inAnHour).toISOString() }
  await vi.waitFor(async () => {
    const { time } = z.object({ time: z.iso.datetime() }).parse((await agent.put([]))[1])
    expect(Date.parse(time) - inAnHour).toBeGreaterThanOrEqual(0)
    expect(Date.parse(time) - inAnHour).toBeLessThan(15_000)
  }, WITHIN)
})
