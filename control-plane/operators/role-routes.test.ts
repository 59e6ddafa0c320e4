import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { mayDo, ROLES, type Role } from './roles.ts'

const { url, rooms, enrolledNode } = await startTestControlPlane()
const node = await enrolledNode()
await rooms.streamCatalog.addStream({ name: 'harbour' })
await rooms.accounts.resetPassword('admin')

const described = await fetch(`${url}/openapi.json`).then((response) => response.json())
/** Every route that an operator's session opens: those that describe themselves, and the console's. */
const routes: [method: string, path: string][] = [
  ...Object.entries<Record<string, { responses: Record<string, { description?: string }> }>>(described.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => ({ path, method, responses })),
    )
    .filter(({ responses }) => responses[401]?.description?.includes('not-logged-in'))
    .map(({ path, method }): [string, string] => [method.toUpperCase(), path]),
  ...[
    '',
    '/nodes',
    '/nodes/{id}',
    '/nodes/{id}/orders',
    '/claims',
    '/claims/x',
    '/streams',
    '/streams/{name}',
    '/record',
  ].map((path): [string, string] => ['GET', `/console${path}`]),
  ...['/people', '/people/ann', '/me'].map((path): [string, string] => ['GET', `/console${path}`]),
  ...['', '/abcdef012345', '/rules', '/channels'].map((path): [string, string] => [
    'GET',
    `/console/alerts${path}`,
  ]),
  ...[
    '/abcdef012345/acknowledge',
    '/abcdef012345/silence',
    '/silences',
    '/silences/01234567/lift',
    '/rules/heat',
    '/rules/heat/reset',
    '/channels/mail',
    '/channels/webhook',
    '/channels/01234567/test',
    '/channels/01234567/remove',
  ].map((path): [string, string] => ['POST', `/console/alerts${path}`]),
  ...[
    '/claims',
    '/claims/file',
    '/claims/x/revoke',
    '/streams',
    '/streams/{name}/keys',
    '/streams/{name}/keys/rotate',
    '/streams/{name}/listing',
    '/streams/{name}/poster',
    '/streams/{name}/poster/remove',
    '/streams/{name}/mirrors',
  ].map((path): [string, string] => ['POST', `/console${path}`]),
  ...['duty', 'revoke', 'configuration', 'rollback', 'commands', 'verdict-link', 'line-trial'].map(
    (deed): [string, string] => ['POST', `/console/nodes/{id}/${deed}`],
  ),
  ...['', '/ann/role', '/ann/remove', '/ann/password', '/ann/sessions/end', '/ann/tokens/x/revoke'].map(
    (path): [string, string] => ['POST', `/console/people${path}`],
  ),
  ...['/tokens', '/tokens/x/revoke', '/sessions/x/end'].map((path): [string, string] => [
    'POST',
    `/console/me${path}`,
  ]),
]
const filled = (path: string) =>
  path
    .replace(/\{command\}/g, 'abcdef012345')
    .replace(/\{(name|stream)\}/g, 'harbour')
    .replace(/\{\w+\}/g, node.id)

let sessions = 0
async function sessionOf(role: Role) {
  sessions += 1
  const name = `${role}-${sessions}`
  const password = await rooms.accounts.invite(name, role)
  return (await rooms.accounts.login(name, password)) ?? expect.fail()
}

test('there are routes of each kind', () => {
  expect(routes.filter(([, path]) => path.startsWith('/v1/')).length).toBeGreaterThan(10)
})

test.each(ROLES)('what is not for %s is refused by every route, and what is is not', async (role) => {
  const session = await sessionOf(role)
  for (const [method, path] of routes) {
    const isForm = path.startsWith('/console')
    const response = await fetch(url + filled(path), {
      method,
      redirect: 'manual',
      headers: {
        cookie: `sixcast=${session.token}`,
        ...(method !== 'GET' && { origin: url, ...(!isForm && { 'content-type': 'application/json' }) }),
      },
      // What it says is nonsense: only whether it is let in is asked here.
      ...(method !== 'GET' && { body: isForm ? new URLSearchParams({ csrf: session.csrfToken }) : '{}' }),
    })
    const { code } = response.status === 403 ? await response.json() : { code: undefined }
    expect([method, path, code === 'not-allowed']).toEqual([method, path, !mayDo(role, method, filled(path))])
  }
})

test('a role that is taken away is gone at once, a removed one is logged out, and an admin is left', async () => {
  const session = await sessionOf('operator')
  const status = async () =>
    (await fetch(`${url}/v1/audit`, { headers: { cookie: `sixcast=${session.token}` } })).status
  expect(await status()).toBe(200)
  await rooms.accounts.changeRole(session.operator, 'installer')
  expect(await status()).toBe(403)
  await rooms.accounts.removePerson(session.operator)
  expect(await status()).toBe(401)
  for (const { name, role } of await rooms.accounts.listPeople())
    if (role === 'admin' && name !== 'admin') await rooms.accounts.removePerson(name)
  await expect(rooms.accounts.removePerson('admin')).rejects.toMatchObject({ code: 'bad-request' })
  await expect(rooms.accounts.changeRole('admin', 'support')).rejects.toMatchObject({ code: 'bad-request' })
  await rooms.accounts.changeRole('admin', 'admin')
})

test.each([
  ['short', 'a12345678901', 'eleven-char', /12 characters/],
  ['its owner’s name', 'owner', 'the-owner-of-it', /name of its owner/],
])('a password that is or holds %s is none', async (_, name, next, words) => {
  const present = await rooms.accounts.invite(name, 'support')
  await expect(rooms.accounts.changePassword(name, { present, next })).rejects.toThrow(words)
  await expect(
    rooms.accounts.changePassword(name, { present: 'x', next: 'long enough for all' }),
  ).rejects.toThrow(/another/)
  await rooms.accounts.changePassword(name, { present, next: 'long enough for all' })
  expect(await rooms.accounts.login(name, 'long enough for all')).toBeDefined()
})

test.each([['a b'], ['<b>'], [''], ['a/../b'], ['-x']])('%j is no name', async (name) => {
  await expect(rooms.accounts.invite(name, 'support')).rejects.toMatchObject({ code: 'bad-request' })
})
