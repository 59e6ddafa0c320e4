import { expect, test } from 'vitest'
import * as z from 'zod'
import { fillTestFleet } from '../tests/setup/fill-test-fleet.ts'
import { startTestControlPlane } from '../tests/setup/start-test-control-plane.ts'

const cloud = await startTestControlPlane()
const fleet = await fillTestFleet(cloud, 'Harbour')
const login = async () => (await cloud.rooms.accounts.login('admin', fleet.password)) ?? expect.fail()
const [session, other] = [await login(), await login()]
const cookie = `sixcast=${session.token}`
const deeds = async () => (await cloud.rooms.audit.check()).lines

/** All that changes something on behalf of whoever is logged in, as the control plane really has it. */
const forms = cloud.routes.filter(({ method, path }) => method !== 'GET' && path.startsWith('/console'))
const withoutLogin = ['/console/login']

async function post(path: string, values: Record<string, string>, headers: Record<string, string>) {
  const response = await fetch(cloud.url + fleet.pathTo(path), {
    ...{ method: 'POST', redirect: 'manual', headers: { accept: 'application/json', ...headers } },
    body: new URLSearchParams(values),
  })
  const code = response.headers.get('content-type')?.includes('json')
    ? (await response.json()).code
    : undefined
  return [response.status, code]
}

test('forms are all posted, and there are many', () => {
  expect(forms.every(({ method }) => method === 'POST')).toBe(true)
  expect(forms.length).toBeGreaterThan(25)
})

test('no form is done without the token of the very session, or from a page of somebody else', async () => {
  const before = await deeds()
  const own = { cookie, origin: cloud.url }
  for (const { path } of forms.filter((form) => !withoutLogin.includes(form.path))) {
    const csrf = session.csrfToken
    for (const [what, values, headers] of [
      ['no token', {}, own],
      ['an empty token', { csrf: '' }, own],
      ['a guessed token', { csrf: 'guessed' }, own],
      ['the token of another session', { csrf: other.csrfToken }, own],
      ['a foreign page', { csrf }, { cookie, origin: 'http://evil.example' }],
      ['a page that hides where it stands', { csrf }, { cookie, origin: 'null' }],
      ['no page at all', { csrf }, { cookie }],
      ['JSON, which no form sends', {}, { ...own, 'content-type': 'application/json' }],
    ] as [string, Record<string, string>, Record<string, string>][])
      expect(await post(path, values, headers), `${path} with ${what}`).toEqual([403, 'foreign-request'])
    expect(await post(path, { csrf }, { origin: cloud.url }), `${path} without a session`).toEqual([
      401,
      'not-logged-in',
    ])
  }
  expect(await deeds()).toBe(before)
})

test('nobody is logged in by a page of somebody else', async () => {
  const typed = { name: 'admin', password: fleet.password }
  for (const path of withoutLogin)
    for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, {}] as Record<
      string,
      string
    >[])
      expect(await post(path, typed, headers)).toEqual([403, 'foreign-request'])
})

const Described = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ security: z.array(z.record(z.string(), z.unknown())).optional() })),
  ),
})

test('no API does what a page of somebody else asks for with the session of whoever looks at it', async () => {
  const { paths } = Described.parse(await (await fetch(`${cloud.url}/openapi.json`)).json())
  const changes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { security = [] }]) => method !== 'get' && security.some((way) => 'session' in way))
      .map(([method]) => [method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1')] as const),
  )
  expect(changes.length).toBeGreaterThan(6)
  const before = await deeds()
  for (const [method, path] of changes)
    for (const headers of [
      { origin: 'http://evil.example', 'content-type': 'application/json' },
      { origin: 'null', 'content-type': 'application/json' },
      { origin: cloud.url, 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
    ]) {
      const asked = { method, headers: { cookie, ...headers }, body: '{}' }
      const response = await fetch(cloud.url + fleet.pathTo(path), asked)
      const what = `${method} ${path} ${JSON.stringify(headers)}`
      expect([response.status, (await response.json()).code], what).toEqual([403, 'foreign-request'])
    }
  expect(await deeds()).toBe(before)
})
