import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { actingAs } from './actor.ts'

const { url, db, rooms, enrolledNode, operatorCookie } = await startTestControlPlane()
const ann = { who: 'ann', source: '192.0.2.7' }
const latest = async (most = 1) => (await rooms.audit.read({ limit: most })).entries

test('deeds are recorded with who did them and from where, refused ones too, and never a secret', async () => {
  const { secret, password, claim } = await actingAs(ann, async () => {
    await rooms.streamCatalog.addStream({ name: 'studio' })
    await expect(rooms.streamCatalog.addStream({ name: 'studio' })).rejects.toThrow()
    const { secret } = await rooms.streamCatalog.createKey('studio')
    const { claim } = await rooms.enrolment.createClaim({ hours: 1 })
    return { secret, claim, password: await rooms.accounts.resetPassword('admin') }
  })
  const lines = await latest(5)
  expect(lines.map(({ who, source, deed, outcome }) => [who, source, deed, outcome])).toEqual([
    ['ann', '192.0.2.7', 'new password', 'done'],
    ['ann', '192.0.2.7', 'make claim', 'done'],
    ['ann', '192.0.2.7', 'make key', 'done'],
    ['ann', '192.0.2.7', 'add stream', 'refused: There is a stream studio already.'],
    ['ann', '192.0.2.7', 'add stream', 'done'],
  ])
  const text = JSON.stringify(lines)
  for (const each of [secret, password, claim]) expect(text).not.toContain(each)
})

test('who logs in is recorded, and who tries in vain', async () => {
  const login = (password: string) =>
    fetch(`${url}/console/login`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'admin', password }),
      headers: { origin: url },
      redirect: 'manual',
    })
  const password = await rooms.accounts.resetPassword('admin')
  expect([(await login('wrong')).status, (await login(password)).status]).toEqual([401, 303])
  expect(await latest(2)).toMatchObject([
    { who: 'admin', source: '127.0.0.1', deed: 'log in', outcome: 'done' },
    { who: 'admin', source: '127.0.0.1', deed: 'log in', outcome: expect.stringMatching(/^refused/) },
  ])
})

test('links to verdicts are recorded when operators make them, and who logs out', async () => {
  const [node, cookie] = [await enrolledNode(), await operatorCookie()]
  await rooms.verdictLinks.makeLink(node.id, 'node')
  const made = await fetch(`${url}/v1/nodes/${node.id}/verdict-link`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{}',
  })
  const { url: link } = (await made.json()) as { url: string }
  await actingAs(ann, async () => {
    await rooms.verdictLinks.revokeLinks(node.id)
    await rooms.accounts.logout('whichever')
  })
  const lines = await latest(3)
  expect(lines).toMatchObject([
    { who: 'ann', deed: 'log out', subject: 'operator ann' },
    { who: 'ann', deed: 'revoke verdict links', subject: `node ${node.id}` },
    { who: 'admin', deed: 'make verdict link', subject: `node ${node.id}` },
  ])
  expect(JSON.stringify(lines)).not.toContain(link.split('/').at(-1))
})

test('an operator’s change by the API stands in his name, with what it changed', async () => {
  const [node, cookie] = [await enrolledNode(), await operatorCookie()]
  await fetch(`${url}/v1/nodes/${node.id}/configuration`, {
    method: 'PUT',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ basedOn: 0, settings: { mostViewers: 9 } }),
  })
  const outcome = 'version 1: mostViewers: not set → 9'
  expect(await latest()).toMatchObject([
    { who: 'admin', deed: 'configure', subject: `node ${node.id}`, outcome },
  ])
  const found = await fetch(`${url}/v1/audit?deed=configure&limit=1`, { headers: { cookie } })
  expect(await found.json()).toMatchObject({ entries: [{ subject: `node ${node.id}` }] })
  expect((await fetch(`${url}/v1/audit`)).status).toBe(401)
})

test('lines that are written at once are all there, one after the other', async () => {
  const { lines } = await rooms.audit.check()
  await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      rooms.audit.record({ deed: 'test', subject: `${at} 𝄞\n`, outcome: '𝄞'.repeat(400) }),
    ),
  )
  expect(await rooms.audit.check()).toMatchObject({ lines: lines + 12, last: { number: lines + 12 } })
  const { entries, next } = await rooms.audit.read({ deed: 'test', limit: 5 })
  expect(entries).toHaveLength(5)
  expect((await rooms.audit.read({ deed: 'test', before: next ?? 0 })).entries).toHaveLength(7)
})

test('a line that is changed shows, and one that is taken out', async () => {
  const third = db.updateTable('audit').where('number', '=', 3)
  const { outcome } = await db
    .selectFrom('audit')
    .select('outcome')
    .where('number', '=', 3)
    .executeTakeFirstOrThrow()
  await third.set({ outcome: 'nothing' }).execute()
  expect(await rooms.audit.check()).toMatchObject({
    broken: { number: 3, why: expect.stringContaining('changed') },
  })
  await third.set({ outcome }).execute()
  expect(await rooms.audit.check()).not.toHaveProperty('broken')
  await db.deleteFrom('audit').where('number', '=', 2).execute()
  expect(await rooms.audit.check()).toMatchObject({ broken: { number: 2, why: 'line 2 is missing' } })
})

test('who made a token, who took one back and whose login was ended is recorded, without the token', async () => {
  const admin = { operator: 'admin', role: 'admin' } as const
  const token = await actingAs(ann, async () => {
    const { token, id } = await rooms.apiTokens.makeToken(admin, { name: 'backup', scope: 'read', days: 30 })
    await rooms.apiTokens.revokeToken('admin', id)
    await rooms.accounts.endSessions('admin')
    return token
  })
  const lines = await latest(3)
  expect(lines).toMatchObject([
    { who: 'ann', deed: 'end logins', subject: 'operator admin' },
    { who: 'ann', deed: 'revoke token', subject: 'operator admin token backup' },
    { who: 'ann', deed: 'make token', subject: 'operator admin token backup for read' },
  ])
  expect(JSON.stringify(lines)).not.toContain(token)
})

test('what came of a command is recorded once, and who took a bundle', async () => {
  const node = await enrolledNode()
  const { id } = await rooms.commands.ask(node.id, { name: 'diagnostics' }, 'ann')
  await rooms.commands.takeDiagnostics(node.id, id, { sections: [{ name: 'a', text: 'b' }] })
  const ended = { state: 'done', outcome: 'It is here.' } as const
  for (const state of ['acknowledged', 'done', 'done'] as const)
    await rooms.commands.heard(node.id, id, state === 'done' ? ended : { state })
  await expect(rooms.commands.heard(node.id, 'nosuch', ended)).rejects.toThrow()
  await actingAs(ann, () => rooms.commands.readDiagnostics(node.id, id))
  const subject = `node ${node.id} ${id}`
  expect(await latest(3)).toMatchObject([
    { who: 'ann', deed: 'read diagnostics', subject, outcome: 'done' },
    { who: 'control-plane', deed: 'command ended', subject, outcome: 'diagnostics done It is here.' },
    { deed: 'command', outcome: `asked for as ${id}` },
  ])
})
