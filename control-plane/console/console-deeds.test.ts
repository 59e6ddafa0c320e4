import { beforeEach, expect, test } from 'vitest'
import { ago, node, now, origin, startTestConsole, stream, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})

test('a claim is shown once, where it was made', async () => {
  const response = await fleet.post('/console/claims', { hours: '24' })
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('sixcast-claim-1.abc')
  expect(fleet.done).toEqual([['claim', 24]])
  expect(await fleet.page('/console/claims')).not.toContain('sixcast-claim-1.abc')
  expect((await fleet.post('/console/claims', { hours: '100000' })).status).toBe(400)
})

test('a node is revoked only when its name is typed', async () => {
  const path = `/console/nodes/${node.id}/revoke`
  const mistyped = await fleet.post(path, { name: 'deopt' })
  expect(mistyped.status).toBe(400)
  expect(await mistyped.text()).toContain('Nothing was changed.')
  expect(fleet.done).toEqual([])
  expect((await fleet.post(path, { name: 'depot' })).status).toBe(303)
  expect(fleet.done).toEqual([['revoke node', node.id]])
})

test('a node is told to drain and to serve by one button each, with what that means', async () => {
  const path = `/console/nodes/${node.id}`
  expect(await fleet.page(path)).toMatch(/depot takes new viewers\.[\s\S]*value="draining">Drain</)
  expect((await fleet.post(`${path}/duty`, { duty: 'draining' })).headers.get('location')).toBe(path)
  expect(fleet.done).toEqual([['duty', node.id, 'draining']])
  fleet.nodes = [{ ...node, duty: { is: 'draining', since: ago(60) } }]
  expect(await fleet.page(path)).toMatch(
    /No new viewer is sent to depot\.[\s\S]*value="serving">Serve again</,
  )
  expect((await fleet.post(`${path}/duty`, { duty: 'resting' })).status).toBe(400)
})

test('a link for an installer is shown once, with a code for his phone, and is taken back', async () => {
  const path = `/console/nodes/${node.id}`
  const text = await (await fleet.post(`${path}/verdict-link`, {})).text()
  expect(text).toContain('http://fleet.example/verdict/the-secret')
  expect(text).toContain('<svg')
  expect(await fleet.page(`${path}/verdict`)).not.toContain('the-secret')
  expect((await fleet.post(`${path}/verdict-link/revoke`, {})).headers.get('location')).toBe(
    `${path}/verdict`,
  )
  expect((await fleet.post(`${path}/line-trial`, {})).headers.get('location')).toBe(`${path}/verdict`)
  expect(fleet.done).toEqual([
    ['link', node.id],
    ['revoke links', node.id],
    ['measure', node.id],
  ])
})

test('a revoked node is not revoked again', async () => {
  fleet.nodes = [{ ...node, revokedAt: ago(60) }]
  expect(await fleet.page(`/console/nodes/${node.id}`)).not.toContain('Revoke this node')
  const again = await fleet.post(`/console/nodes/${node.id}/revoke`, { name: 'depot' })
  expect([again.status, await again.text()]).toEqual([404, expect.stringContaining('revoked already')])
})

test('a stream is added as it was typed', async () => {
  const response = await fleet.post('/console/streams', { name: 'studio', open: 'on' })
  expect(response.headers.get('location')).toBe('/console/streams/studio')
  expect(fleet.done).toEqual([['add', { name: 'studio', title: '', description: '', open: true }]])
})

test('a name that is taken is said to be, beside what was typed', async () => {
  const response = await fleet.post('/console/streams', { name: 'harbour', title: 'Another' })
  expect(response.status).toBe(409)
  const text = await response.text()
  expect(text).toContain('There is a stream harbour already.')
  expect(text).toContain('value="Another"')
})

test('a key is shown once, with what an encoder needs', async () => {
  const text = await (await fleet.post('/console/streams/harbour/keys', {})).text()
  expect(text).toContain('harbour?key=the-secret')
  expect(text).toContain('rtmp://[2001:4dd0::7]:1936/stream')
  expect(await fleet.page('/console/streams/harbour')).not.toContain('the-secret')
})

test('a key is revoked only when its name is typed, and only once', async () => {
  const path = '/console/streams/harbour/keys/3fa2c1d0'
  expect((await fleet.post(`${path}/revoke`, { id: 'no' })).status).toBe(400)
  expect((await fleet.post(`${path}/revoke`, { id: '3fa2c1d0' })).headers.get('location')).toBe(
    '/console/streams/harbour',
  )
  expect(fleet.done).toEqual([['revoke key', 'harbour', '3fa2c1d0']])
  fleet.keys = [{ id: '3fa2c1d0', createdAt: ago(600), revokedAt: now }]
  expect((await fleet.get(path)).status).toBe(404)
})

test('all keys are replaced only when the name of the stream is typed; the new one is shown once', async () => {
  const path = '/console/streams/harbour/keys/rotate'
  const refused = await fleet.post(path, { name: 'harbor' })
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining('That was not “harbour”. Nothing was changed.'),
  ])
  expect(fleet.done).toEqual([])
  const text = await (await fleet.post(path, { name: 'harbour' })).text()
  expect(text).toContain('harbour?key=the-secret')
  expect(fleet.done).toEqual([['rotate keys', 'harbour']])
})

test('the copies of a stream are chosen by the rule, by number or by name', async () => {
  const path = '/console/streams/harbour/mirrors'
  const chosen = await fleet.post(path, { choice: 'rule', copies: '2' })
  expect([chosen.status, chosen.headers.get('location')]).toEqual([303, '/console/streams/harbour'])
  await fleet.post(path, { choice: 'copies', copies: '3', node: node.id })
  await fleet.post(path, [
    ['choice', 'nodes'],
    ['copies', '2'],
    ['node', node.id],
    ['node', 'a'.repeat(20)],
  ])
  expect(fleet.done).toEqual([
    ['mirrors', 'harbour', 'rule'],
    ['mirrors', 'harbour', { copies: 3 }],
    ['mirrors', 'harbour', { nodes: [node.id, 'a'.repeat(20)] }],
  ])
})

test('a choice that cannot be made is said so where it was made', async () => {
  const response = await fleet.post('/console/streams/harbour/mirrors', { choice: 'nodes', copies: '2' })
  expect(response.status).toBe(400)
  expect(await response.text()).toMatch(
    /role="alert">nodes: name at least one\.<[\s\S]*value="nodes" checked/,
  )
  expect(fleet.done).toEqual([])
})

test('a node is configured with what was typed, and told when somebody was quicker', async () => {
  const path = `/console/nodes/${node.id}/configuration`
  const typed = { mostViewers: '9', maintenanceWindows: 'sun 02:00 60' }
  expect((await fleet.post(path, { basedOn: '1', ...typed })).headers.get('location')).toBe(
    `/console/nodes/${node.id}/orders`,
  )
  const window = { days: ['sun'], from: '02:00', minutes: 60 }
  expect(fleet.done).toEqual([
    ['configure', node.id, { mostViewers: 9, maintenanceWindows: [window] }, 'admin'],
  ])
  const late = await fleet.post(path, { basedOn: '0', ...typed })
  const text = await late.text()
  expect([late.status, text.includes('Somebody was quicker.'), text.includes('value="9"')]).toEqual([
    409,
    true,
    true,
  ])
})

test('what cannot be asked of a node is said by the name that its field has', async () => {
  const path = `/console/nodes/${node.id}/configuration`
  const response = await fleet.post(path, { basedOn: '1', mostViewers: 'many' })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('role="alert">Viewers at most must be a number<')
  expect(fleet.done).toEqual([])
})

test('a node is told what to do, and what an earlier version wanted is wanted again', async () => {
  await fleet.post(`/console/nodes/${node.id}/commands`, { name: 'restart', unit: 'media' })
  await fleet.post(`/console/nodes/${node.id}/rollback`, { version: '1' })
  expect(fleet.done).toEqual([
    ['command', node.id, { name: 'restart', unit: 'media' }, 'admin'],
    ['roll back', node.id, 1, 'admin'],
  ])
})

test('what a node says of itself is text on every page, and its diagnostics are a download', async () => {
  const page = await fleet.page(`/console/nodes/${node.id}/orders`)
  expect(page).toContain('&lt;script&gt;')
  expect(page).toContain(`href="/v1/nodes/${node.id}/commands/abcdef012345/diagnostics"`)
  for (const text of [page, await fleet.page('/console/record')]) expect(text).not.toContain('<script>alert')
  expect(await fleet.page('/console/record')).toContain('href="/console/record?before=7"')
})

test('what viewers see of a stream is said in one form; what cannot be stands beside what was typed', async () => {
  const path = '/console/streams/harbour'
  const typed = { title: 'Harbour', description: '', category: 'Town', shown: 'unlisted', place: '-2' }
  const saved = await fleet.post(`${path}/listing`, typed)
  expect([saved.status, saved.headers.get('location')]).toEqual([303, path])
  expect(fleet.done).toEqual([['describe', 'harbour', { ...typed, place: -2 }]])
  const refused = await fleet.post(`${path}/listing`, { ...typed, place: '1.5', category: '<b>' })
  const text = await refused.text()
  expect(refused.status).toBe(400)
  expect(text).toMatch(/role="alert">[^<]*place/)
  expect(text).toContain('value="&lt;b&gt;"')
})

test('a poster is taken from a form with a file, or it is said on the page why not', async () => {
  const upload = (bytes: string) => {
    const body = new FormData()
    body.set('csrf', 'csrf-token')
    body.set('poster', new File([Buffer.from(bytes, 'latin1')], 'harbour.jpg', { type: 'image/jpeg' }))
    const headers = { cookie: 'sixcast=token', accept: 'text/html', origin }
    return fleet.request('/console/streams/harbour/poster', { method: 'POST', headers, body })
  }
  const refused = await upload('<svg>')
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('A poster is a JPEG, PNG or WebP; this file is none of these.')
  expect((await upload('\xff\xd8\xff')).headers.get('location')).toBe('/console/streams/harbour')
  fleet.streams = [{ ...stream, poster: '0123456789abcdef' }]
  expect(await fleet.page('/console/streams/harbour')).toContain('src="/poster/harbour/0123456789abcdef"')
  expect((await fleet.post('/console/streams/harbour/poster/remove', {})).status).toBe(303)
  expect(fleet.done).toEqual([
    ['poster', 'harbour', 'image/jpeg'],
    ['remove poster', 'harbour'],
  ])
})
