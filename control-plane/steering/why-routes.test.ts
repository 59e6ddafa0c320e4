import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms, enrolledNode } = await startTestControlPlane()
const password = await rooms.accounts.resetPassword('admin')
await rooms.streamCatalog.addStream({ name: 'golive', open: true })
const node = await enrolledNode()
await node.beat({ claimed: '45.66.1.1' })
await rooms.reachability.recordProven({ nodeId: node.id, address: '45.66.1.1' })
await node.post('/streams', {
  name: 'golive',
  state: 'live',
  renditions: [{ id: 'v360', codecs: 'avc1.42c01e', bandwidth: 8, averageBandwidth: 7 }],
  record: {
    session: 's00000000000a',
    startedAt: '2026-01-01T00:00:00Z',
    run: 1,
    origin: '2026-01-01T00:00:00Z',
    phase: 0,
    segmentSeconds: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
    ladder: ['v360'],
  },
})

async function loggedIn() {
  const response = await fetch(`${url}/console/login`, {
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({ name: 'admin', password }),
    redirect: 'manual',
  })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}
const cookie = await loggedIn()
const why = (path: string) => fetch(`${url}/v1/why/${path}`, { headers: { cookie } })

test('an operator reads each way, what was known of it, and why it is where it is', async () => {
  const response = await why('golive?address=45.80.1.1&viewer=abc')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toMatchObject({
    stream: 'golive',
    state: 'live',
    session: 's00000000000a',
    viewing: { address: '45.80.1.1', viewer: 'abc' },
    candidates: [
      {
        pathway: expect.stringMatching(/^n[a-z2-7]{8}-g[0-9a-f]{6}$/),
        host: '45.66.1.1:8084',
        chosen: true,
        why: 'Nothing is better.',
        node: { id: node.id },
        role: 'origin',
        standing: 'suspect',
        cause: 'It asks to be found at another address by now.',
        ranks: { spared: 0, family: 0, standing: 1, site: 1 },
      },
      {
        pathway: 'relay',
        host: '127.0.0.1:8080',
        chosen: true,
        why: 'After the one before it: it is less certain that the viewer can reach its address.',
      },
    ],
  })
})

test('another viewer can be asked about', async () => {
  const { candidates } = await (
    await why('golive?address=2a02:8071::1&from=live.example&exclude=relay')
  ).json()
  expect(candidates.map(({ pathway, host }: Record<string, string>) => [pathway?.[0], host])).toEqual([
    ['n', '45.66.1.1:8084'],
    ['r', 'live.example:8080'],
  ])
})

test('nobody else is told', async () => {
  const response = await fetch(`${url}/v1/why/golive`)
  expect([response.status, await response.json()]).toEqual([401, { code: 'not-logged-in' }])
})

test.each([
  ['nowhere', 404, 'unknown-stream'],
  ['golive?address=here', 400, 'bad-request'],
])('%s is answered %d %s', async (path, status, code) => {
  const response = await why(path)
  expect([response.status, (await response.json()).code]).toEqual([status, code])
})
