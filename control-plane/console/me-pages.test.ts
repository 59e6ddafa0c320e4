import { beforeEach, expect, test } from 'vitest'
import { startTestConsole, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})

test('a token is shown once, where it was made, as a program sends it', async () => {
  const typed = { name: 'deploy', scope: 'fleet', days: '365' }
  const made = await fleet.post('/console/me/tokens', typed)
  expect([made.status, await made.text()]).toEqual([
    200,
    expect.stringContaining('Authorization: Bearer sixcast_the-token'),
  ])
  expect(fleet.done).toEqual([['token', 'admin', { ...typed, days: 365 }]])
  expect(await fleet.page('/console/me')).not.toContain('sixcast_the-token')
})

test('what makes no token is said beside what was typed', async () => {
  const refused = await fleet.post('/console/me/tokens', { name: 'backup', scope: 'claims', days: '30' })
  const text = await refused.text()
  expect([refused.status, text]).toEqual([409, expect.stringContaining('You have a token backup already.')])
  expect(text).toMatch(/value="backup"[\s\S]*value="claims" selected[\s\S]*value="30" selected/)
})

test('tokens are listed with what they are for and their last use, and are taken back', async () => {
  const text = await fleet.page('/console/me')
  expect(text).toMatch(/backup<\/th>\n.*>read<.*\n.*>30 s<\/time> ago <span class="quiet">from 192\.0\.2\.8</)
  expect(text).toMatch(/class="past"><th scope="row">old<[\s\S]*never[\s\S]*>expired</)
  const revoked = await fleet.post('/console/me/tokens/abcdef012345/revoke', {})
  expect([revoked.headers.get('location'), fleet.done]).toEqual([
    '/console/me',
    [['revoke token', 'admin', 'abcdef012345']],
  ])
})

test('nobody is offered a scope with which his role can do nothing', async () => {
  const scopes = async (role: 'support' | 'installer') =>
    [...(await startTestConsole(role).page('/console/me')).matchAll(/<option value="([a-z]+)"/g)].map(
      ([, scope]) => scope,
    )
  expect([await scopes('support'), await scopes('installer')]).toEqual([['read'], ['read', 'claims']])
})

test('logins are listed with the one that looks marked, and are ended one by one or all others at once', async () => {
  const text = await fleet.page('/console/me')
  expect(text).toContain('You are logged in here, and in one more place.')
  expect(text).toMatch(/Firefox on Linux <span class="quiet">this one<[\s\S]*curl<\/th>[\s\S]*2001:4dd0::9/)
  await fleet.post('/console/me/sessions/other-one/end', {})
  await fleet.post('/console/me/sessions/end', {})
  expect(fleet.done).toEqual([
    ['end session', 'admin', 'other-one'],
    ['end sessions', 'admin', 'token'],
  ])
})

test('an admin sees where somebody is logged in and what acts for him, and ends it', async () => {
  const text = await fleet.page('/console/people/ann')
  expect(text).toContain('ann is logged in at 2 places.')
  expect(text).not.toContain('action="/console/me')
  for (const deed of ['sessions/end', 'sessions/other-one/end', 'tokens/abcdef012345/revoke'])
    expect((await fleet.post(`/console/people/ann/${deed}`, {})).headers.get('location')).toBe(
      '/console/people/ann',
    )
  expect(fleet.done).toEqual([
    ['end sessions', 'ann', ''],
    ['end session', 'ann', 'other-one'],
    ['revoke token', 'ann', 'abcdef012345'],
  ])
  expect((await fleet.get('/console/people/nobody')).status).toBe(404)
  await fleet.post('/console/people/admin/sessions/end', {})
  expect(fleet.done.at(-1), 'he stays where he sits').toEqual(['end sessions', 'admin', 'token'])
})
