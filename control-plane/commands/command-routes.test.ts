import { expect, test, vi } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, db, rooms, enrolledNode, operatorCookie, woken } = await startTestControlPlane()
const cookie = await operatorCookie()

const pathOf = (id: string) => `${url}/v1/nodes/${id}/commands`
const ask = async (id: string, order: object) => {
  const response = await fetch(pathOf(id), {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  return [response.status, await response.json()]
}
const list = async (id: string) => (await (await fetch(pathOf(id), { headers: { cookie } })).json()).commands

test('a command is told with the heartbeat, fetched, acknowledged, and ends with its outcome in words', async () => {
  const node = await enrolledNode()
  expect(await (await node.beat()).json()).not.toHaveProperty('commands')
  const [status, { id }] = await ask(node.id, { name: 'restart', unit: 'media' })
  expect(status).toBe(202)
  expect(woken).toContain(node.id)
  expect(await (await node.beat()).json()).toMatchObject({ commands: true })
  const fetched = async () => (await (await node.get('/v1/commands')).json()).commands
  expect(await fetched()).toEqual([{ id, name: 'restart', unit: 'media', timeoutSeconds: 60 }])
  expect(await fetched(), 'an answer may be lost').toHaveLength(1)
  expect((await node.post(`/v1/commands/${id}`, { state: 'acknowledged' })).status).toBe(200)
  expect(await fetched(), 'begun is begun').toEqual([])
  await node.post(`/v1/commands/${id}`, { state: 'done', outcome: 'Media answers again.' })
  await node.post(`/v1/commands/${id}`, { state: 'failed', outcome: 'a late word' })
  expect(await list(node.id)).toMatchObject([
    { id, state: 'done', outcome: 'Media answers again.', askedBy: 'admin' },
  ])
  await vi.waitFor(async () => expect(await (await node.beat()).json()).not.toHaveProperty('commands'))
})

test('what nobody comes for expires, and what never ends is said to have failed', async () => {
  const node = await enrolledNode()
  const [, { id: unfetched }] = await ask(node.id, { name: 'identify' })
  const [, { id: unended }] = await ask(node.id, { name: 'identify' })
  await node.post(`/v1/commands/${unended}`, { state: 'acknowledged' })
  const past = new Date(Date.now() - 3_600_000)
  await db.updateTable('command').set({ expires_at: past }).where('id', '=', unfetched).execute()
  await db.updateTable('command').set({ begun_at: past }).where('id', '=', unended).execute()
  await vi.waitFor(async () => {
    const outcomes = (await list(node.id)).map((each: { id: string; state: string }) => [each.id, each.state])
    expect(Object.fromEntries(outcomes)).toEqual({ [unfetched]: 'expired', [unended]: 'failed' })
  })
  expect((await (await node.get('/v1/commands')).json()).commands).toEqual([])
})

test('to drain is a version of the configuration, and to serve again is the next', async () => {
  const node = await enrolledNode()
  await ask(node.id, { name: 'drain' })
  await vi.waitFor(async () =>
    expect(await list(node.id)).toMatchObject([
      { state: 'done', outcome: /* words */ expect.stringContaining('version 1') },
    ]),
  )
  expect(await rooms.configurations.newest(node.id)).toEqual({ version: 1, settings: { duty: 'draining' } })
  await ask(node.id, { name: 'serve' })
  await vi.waitFor(async () => expect((await rooms.configurations.newest(node.id)).settings).toEqual({}))
})

test.each([
  [{ name: 'explode' }, /takes the command restart, /],
  [{ name: 'restart' }, /unit: what is restarted is rtmp, nginx, media or agent/],
  [{ name: 'restart', unit: 'database' }, /unit/],
  [{ name: 'identify', unit: 'media' }, /unit: identify takes none/],
])('%j is refused in words', async (order, sentence) => {
  const { id } = await enrolledNode()
  expect(await ask(id, order)).toEqual([
    400,
    { code: 'bad-request', message: expect.stringMatching(sentence) },
  ])
})

test('diagnostics are taken only from the node that was asked, and are given out as text to be kept', async () => {
  const [node, other] = [await enrolledNode(), await enrolledNode()]
  const [, { id }] = await ask(node.id, { name: 'diagnostics' })
  const bundle = {
    sections: [{ name: 'agent.log', text: `<script>alert(1)</script>${'x'.repeat(150_000)}` }],
  }
  expect((await other.post(`/v1/commands/${id}/diagnostics`, bundle)).status).toBe(404)
  expect((await node.post(`/v1/commands/${id}/diagnostics`, bundle)).status).toBe(200)
  const huge = { sections: Array.from({ length: 31 }, () => ({ name: 'x', text: '' })) }
  expect((await node.post(`/v1/commands/${id}/diagnostics`, huge)).status).toBe(400)
  const tooLarge = await node.post(`/v1/commands/${id}/diagnostics`, { x: 'x'.repeat(4_000_000) })
  expect(tooLarge.status).toBe(413)
  const kept = await fetch(`${pathOf(node.id)}/${id}/diagnostics`, { headers: { cookie } })
  expect(await kept.text()).toContain('===== agent.log =====\n<script>')
  expect(Object.fromEntries(kept.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; /),
    'x-content-type-options': 'nosniff',
  })
  expect((await fetch(`${pathOf(node.id)}/${id}/diagnostics`)).status).toBe(401)
  expect((await fetch(`${pathOf(other.id)}/${id}/diagnostics`, { headers: { cookie } })).status).toBe(404)
  await node.post(`/v1/commands/${id}`, { state: 'done' })
  expect((await node.post(`/v1/commands/${id}/diagnostics`, bundle)).status, 'nobody waits any more').toBe(
    404,
  )
})

test('a node speaks of its own commands alone', async () => {
  const [node, other] = [await enrolledNode(), await enrolledNode()]
  const [, { id }] = await ask(node.id, { name: 'identify' })
  expect((await other.post(`/v1/commands/${id}`, { state: 'done' })).status).toBe(404)
  expect((await node.post(`/v1/commands/${id}`, { state: 'asked' })).status).toBe(400)
})

test('nobody piles up commands without end', async () => {
  const { id } = await enrolledNode()
  const answers: number[] = []
  for (let count = 0; count < 21; count += 1) answers.push((await ask(id, { name: 'identify' }))[0])
  expect([answers.filter((status) => status === 202).length, answers.at(-1)]).toEqual([20, 409])
})
