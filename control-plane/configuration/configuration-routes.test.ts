import { expect, test, vi } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms, enrolledNode, operatorCookie, woken, limits } = await startTestControlPlane()
const cookie = await operatorCookie()

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(url + path, {
    method,
    headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return [response.status, await response.json()]
}
const pathOf = (id: string) => `/v1/nodes/${id}/configuration`

test('what an operator wants of a node is told with its heartbeat, fetched, and reported back step by step', async () => {
  const node = await enrolledNode()
  expect(await (await node.beat()).json()).not.toHaveProperty('configuration')
  expect(await (await node.get('/v1/configuration?have=0')).json()).toEqual({ unchanged: true })
  const settings = { tallestQuality: '720p', mostViewers: 5 }
  expect(await call('PUT', pathOf(node.id), { basedOn: 0, settings })).toEqual([
    200,
    { version: 1, changes: ['tallestQuality: not set → 720p', 'mostViewers: not set → 5'] },
  ])
  expect(woken).toContain(node.id)
  expect(limits).toContainEqual([node.id, { viewers: 5, duty: 'serving' }])
  expect(await (await node.beat()).json()).toMatchObject({ configuration: 1 })
  expect(await (await node.get('/v1/configuration?have=0')).json()).toEqual({ version: 1, settings })
  expect(await (await node.get('/v1/configuration?have=1')).json()).toEqual({ unchanged: true })
  const steps = [{ setting: 'tallestQuality', outcome: 'rejected', why: 'no' }]
  const report = { version: 1, state: 'kept', steps, inForce: 1 }
  expect((await node.post('/v1/configuration/report', report)).status).toBe(200)
  expect(await call('GET', pathOf(node.id))).toEqual([
    200,
    expect.objectContaining({
      version: 1,
      settings,
      inForce: 1,
      history: [expect.objectContaining({ madeBy: 'admin', report: expect.objectContaining({ steps }) })],
    }),
  ])
})

test('whoever was slower is told so, and nothing of his is saved', async () => {
  const { id } = await enrolledNode()
  const edit = (basedOn: number, mostStreams: number) =>
    call('PUT', pathOf(id), { basedOn, settings: { mostStreams } })
  const both = await Promise.all([edit(0, 1), edit(0, 2)])
  expect(both.map(([status]) => status).sort()).toEqual([200, 409])
  expect(await edit(0, 3)).toEqual([409, expect.objectContaining({ code: 'edited-meanwhile' })])
  expect(await edit(1, 3)).toMatchObject([200, { version: 2 }])
})

test('an earlier version is wanted again as a new one', async () => {
  const { id } = await enrolledNode()
  await call('PUT', pathOf(id), { basedOn: 0, settings: { mostStreams: 1 } })
  await call('PUT', pathOf(id), { basedOn: 1, settings: { duty: 'draining' } })
  expect(await call('POST', `${pathOf(id)}/rollback`, { version: 1 })).toEqual([
    200,
    { version: 3, changes: ['mostStreams: not set → 1', 'duty: draining → not set'] },
  ])
  expect(await call('POST', `${pathOf(id)}/rollback`, { version: 9 })).toMatchObject([
    404,
    { code: 'not-found' },
  ])
  expect(await call('POST', `${pathOf(id)}/rollback`, { version: 0 })).toMatchObject([200, { version: 4 }])
})

test.each([
  [{ mostViewers: 'many' }, /mostViewers must be a number/],
  [{ tallestQuality: '4k' }, /tallestQuality/],
  [{ duty: 'asleep' }, /duty/],
  [{ maintenanceWindows: [{ days: ['sun'], from: '2', minutes: 5 }] }, /maintenanceWindows\.0\.from/],
  [{ controlPlaneUrl: 'javascript:alert(1)' }, /controlPlaneUrl/],
  [{ controlPlaneUrl: 'https://ann:s3cret@fleet.example' }, /controlPlaneUrl: must name no user/],
  [{ colour: 'red' }, /colour/],
])('%j is refused, and the field is named', async (settings, sentence) => {
  const { id } = await enrolledNode()
  expect(await call('PUT', pathOf(id), { basedOn: 0, settings })).toEqual([
    400,
    { code: 'bad-request', message: expect.stringMatching(sentence) },
  ])
})

test('only operators, by JSON, and from no page of somebody else', async () => {
  const { id } = await enrolledNode()
  const edit = { basedOn: 0, settings: {} }
  expect(await call('GET', pathOf(id), undefined, { cookie: '' })).toMatchObject([
    401,
    { code: 'not-logged-in' },
  ])
  expect(await call('PUT', pathOf(id), edit, { cookie: '' })).toMatchObject([401, { code: 'not-logged-in' }])
  expect(await call('PUT', pathOf(id), edit, { origin: 'http://elsewhere.example' })).toMatchObject([403, {}])
  expect(await call('PUT', pathOf(id), edit, { 'content-type': 'text/plain' })).toMatchObject([403, {}])
  expect(await call('GET', pathOf('a'.repeat(20)))).toMatchObject([404, { code: 'unknown-node' }])
})

test('a node speaks for itself alone, and only of what it was told', async () => {
  const node = await enrolledNode()
  const report = { version: 1, state: 'kept', steps: [], inForce: 1 }
  expect((await node.post('/v1/configuration/report', report)).status).toBe(404)
  const many = Array.from({ length: 101 }, () => ({ setting: 'x', outcome: 'applied' }))
  expect((await node.post('/v1/configuration/report', { ...report, steps: many })).status).toBe(400)
  expect((await fetch(`${url}/v1/configuration?have=0`)).status).toBe(401)
})

test('what the command line has saved is seen, told to steering, and the node is woken', async () => {
  const node = await enrolledNode()
  await rooms.configurations.change(node.id, { duty: 'draining' }, 'somebody')
  await vi.waitFor(() => expect(limits).toContainEqual([node.id, { duty: 'draining' }]))
  expect(woken).toContain(node.id)
  expect(await (await node.beat()).json()).toMatchObject({ configuration: 1 })
})
