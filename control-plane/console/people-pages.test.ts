import { expect, test } from 'vitest'
import { pages, startTestConsole } from './start-test-console.ts'

test('an admin invites somebody, and is shown the password once', async () => {
  const fleet = startTestConsole()
  const made = await (await fleet.post('/console/people', { name: 'bob', role: 'installer' })).text()
  expect(made).toContain('their-first-password')
  expect(fleet.done).toEqual([['invite', 'bob', 'installer']])
  expect(await fleet.page('/console/people')).not.toContain('their-first-password')
  const taken = await fleet.post('/console/people', { name: 'admin', role: 'admin' })
  expect([taken.status, await taken.text()]).toEqual([
    409,
    expect.stringContaining('of the name admin already'),
  ])
})

test('who they are, what they may do and whether they are logged in stands in one table', async () => {
  const text = await startTestConsole().page('/console/people')
  expect(text).toContain('<h1>2 people may log in.</h1>')
  expect(text).toMatch(/admin <span class="quiet">you<[\s\S]*once, last <time[^>]*>1 min<\/time> ago/)
  expect(text).toContain('action="/console/people/ann/remove"')
  expect(text, 'nobody removes himself').not.toContain('action="/console/people/admin/remove"')
})

test('a role is changed, and what cannot be is said', async () => {
  const fleet = startTestConsole()
  const changed = await fleet.post('/console/people/ann/role', { role: 'operator' })
  expect([changed.status, fleet.done]).toEqual([303, [['role', 'ann', 'operator']]])
  const refused = await fleet.post('/console/people/admin/role', { role: 'support' })
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining('It is the last admin.'),
  ])
})

test('everybody changes his own password, and logs in anew', async () => {
  const fleet = startTestConsole('support')
  const wrong = await fleet.post('/console/me/password', { present: 'wrong', next: 'a long enough one' })
  expect([wrong.status, await wrong.text()]).toEqual([401, expect.stringContaining('another')])
  const right = await fleet.post('/console/me/password', { present: 'right', next: 'a long enough one' })
  expect([right.status, right.headers.get('location')]).toEqual([303, '/console/login'])
  expect(fleet.done).toContainEqual(['password', 'admin'])
})

test.each(['support', 'installer', 'operator'] as const)(
  'no page shows to %s a form or a page that is not his',
  async (role) => {
    const fleet = startTestConsole(role)
    for (const path of pages) {
      const response = await fleet.get(path)
      if (response.status === 403) continue
      expect(response.status, path).toBe(200)
      const text = await response.text()
      for (const [, action = ''] of text.matchAll(/method="post" action="([^"]+)"/g)) {
        const post = await fleet.post(action, {})
        expect(post.status, `${path}: ${action}`).not.toBe(403)
      }
      for (const [, href = ''] of text.matchAll(/href="(\/console[^"?]*)/g))
        expect((await fleet.get(href)).status, `${path}: ${href}`).not.toBe(403)
    }
  },
)
