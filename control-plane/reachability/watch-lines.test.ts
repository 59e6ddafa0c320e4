import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createKeyPair, verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { TRIAL_BYTES, trialText } from '@sixcast/shared/contract/line-trial.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { askLine } from './ask-line.ts'
import type { Watched } from './standing-repository.ts'
import { isDue, watchLines } from './watch-lines.ts'

const { rooms, enrolledNode } = await startTestControlPlane()
const fleetKey = createKeyPair()
const nodeId = 'a'.repeat(20)
const now = new Date()

async function box(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return askLine({ nodeId, address: '127.0.0.1', port, fleetKey })
}

/** Answers as an agent does, with so much. */
const sending =
  (bytes: Buffer, stay = false): RequestListener =>
  (request, response) => {
    const { searchParams: asked } = new URL(request.url ?? '', 'http://box')
    const nonce = 'n'.repeat(24)
    if (!asked.has('nonce')) return response.end(JSON.stringify({ nonce }))
    const signed = verifyText(trialText(nodeId, nonce), asked.get('signature') ?? '', fleetKey.publicKey)
    expect(signed).toBe(true)
    response.write(bytes)
    if (!stay) response.end()
    return response
  }

test('a node is asked in the fleet’s name, and all that it sends is measured', async () => {
  const result = await box(sending(Buffer.alloc(TRIAL_BYTES)))
  expect(result).toMatchObject({ is: 'measured', bytes: TRIAL_BYTES })
  if (result.is === 'measured') expect(result.bitsPerSecond).toBeGreaterThan(20e6)
})

test('a line that stops is left after three seconds, and what came counts for all of them', async () => {
  const result = await box(sending(Buffer.alloc(30_000), true))
  expect(result).toMatchObject({ is: 'measured', bytes: 30_000 })
  if (result.is === 'measured') expect(result.milliseconds).toBeGreaterThan(2900)
})

test.each<[string, RequestListener, RegExp]>([
  ['of an older release', (_, response) => response.writeHead(404).end('{}'), /release/],
  ['that says something else', (_, response) => response.end('<h1>'), /could not be measured/],
  ['that hangs up', (request) => request.socket.destroy(), /could not be measured/],
])('a node %s is not measured, and it is said why', async (_, answer, cause) => {
  expect(await box(answer)).toMatchObject({ is: 'missed', cause: expect.stringMatching(cause) })
})

const line = { address: 'here', triedAt: now, missed: false, wanted: false }
test.each<[string, Watched['line'], boolean]>([
  ['was never measured', undefined, true],
  ['was measured', line, false],
  ['was measured elsewhere', { ...line, address: 'there' }, true],
  ['an operator asks for', { ...line, wanted: true }, true],
  ['could not be measured just now', { ...line, missed: true }, false],
  [
    'could not be measured ten minutes ago',
    { ...line, missed: true, triedAt: new Date(now.getTime() - 600_000) },
    true,
  ],
])('a line that %s', (_, known, due) => {
  expect(isDue({ line: known, address: 'here' }, now)).toBe(due)
})

test('it is measured once, with what viewers take beside it, and again when an operator asks', async () => {
  const node = await enrolledNode()
  await node.beat({ load: { viewers: 2, bitsPerSecond: 5e6 } })
  const ask = vi.fn(
    async () => ({ is: 'measured', bitsPerSecond: 15e6, bytes: 5e6, milliseconds: 3000 }) as const,
  )
  const { look } = watchLines({ ...rooms, ask, now: () => now })
  const once = async () => look((await rooms.standings.findEach(node.id, now))[0] ?? expect.fail())
  await once()
  await once()
  expect(ask).toHaveBeenCalledTimes(1)
  expect((await rooms.nodeViews.find(node.id))?.line).toMatchObject({ bitsPerSecond: 20e6, triedAt: now })
  await rooms.lines.wantAgain(node.id)
  await once()
  expect(ask).toHaveBeenCalledTimes(2)
  await once()
  expect(ask).toHaveBeenCalledTimes(2)
})

test('no more than two at a time', async () => {
  const held = Promise.withResolvers<{ is: 'missed'; cause: string }>()
  const ask = vi.fn(() => held.promise)
  const { look } = watchLines({ ...rooms, ask, now: () => now })
  const nodes = await Promise.all([enrolledNode(), enrolledNode(), enrolledNode()])
  for (const node of nodes) await node.beat()
  const looks = await Promise.all(
    nodes.map(async ({ id }) => (await rooms.standings.findEach(id, now))[0] ?? expect.fail()),
  )
  const looking = looks.map(look)
  expect(ask).toHaveBeenCalledTimes(2)
  held.resolve({ is: 'missed', cause: 'Silence.' })
  await Promise.all(looking)
})
