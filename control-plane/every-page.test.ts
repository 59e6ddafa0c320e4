import { expect, test } from 'vitest'
import { fillTestFleet } from '../tests/setup/fill-test-fleet.ts'
import { startTestControlPlane } from '../tests/setup/start-test-control-plane.ts'

const publicUrl = 'https://fleet.example'
const cloud = await startTestControlPlane({ publicUrl })
const fleet = await fillTestFleet(cloud, 'Harbour')
const session = (await cloud.rooms.accounts.login('admin', fleet.password)) ?? expect.fail()
const cookie = `__Host-sixcast=${session.token}`

type Page = { at: string; path: string; headers: Headers; text: string }

/** What an admin's browser is shown at every address that there is; streams of events and files are none. */
async function pages(): Promise<Page[]> {
  const found: Page[] = []
  for (const [at, routes] of [
    [cloud.url, cloud.routes],
    [cloud.viewerUrl, cloud.viewerRoutes],
  ] as const)
    for (const path of new Set(
      routes.filter(({ method }) => method === 'GET').map(({ path }) => fleet.pathTo(path)),
    )) {
      const headers = { cookie, accept: 'text/html', 'x-forwarded-proto': 'https' }
      const response = await fetch(at + path, { headers, redirect: 'manual' })
      const isPage = response.headers.get('content-type')?.startsWith('text/html')
      if (isPage) found.push({ at, path, headers: response.headers, text: await response.text() })
      else await response.body?.cancel()
    }
  return found
}
const all = await pages()
/** Others may show a stream on a page of theirs; that is what these are for. */
const isEmbed = ({ path }: Page) => path.startsWith('/embed/')

test('all pages that are known are among those that are looked at', () => {
  expect(all.map(({ at, path }) => `${at === cloud.url ? '' : 'viewers: '}${path}`)).toEqual(
    expect.arrayContaining([
      ...['/', '/watch/harbour', '/watch/harbour/dash', '/nothing', 'viewers: /', 'viewers: /watch/harbour'],
      ...['/console', '/console/claims', '/console/record', '/console/people', '/console/people/admin'],
      ...['/console/me', '/console/streams/harbour', `/console/nodes/${fleet.node.id}/orders`],
      expect.stringMatching(/^\/verdict\/[\w-]{32}$/),
    ]),
  )
})

test('every page names what it may load: nothing inline, and nothing from elsewhere but media', () => {
  for (const page of all) {
    const { path, headers } = page
    const policy = headers.get('content-security-policy') ?? ''
    const words = Object.fromEntries(
      policy.split(';').map((each) => [each.trim().split(' ')[0], each.trim().split(' ').slice(1).join(' ')]),
    )
    expect(words, path).toMatchObject({
      ...{ 'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'" },
      ...{ 'base-uri': "'none'", 'form-action': "'self'" },
    })
    expect(isEmbed(page) ? policy.replace('frame-ancestors *', '') : policy, path).not.toMatch(/unsafe|\*/)
  }
})

test('no page but those made for it is shown in a frame', () => {
  for (const page of all.filter((each) => !isEmbed(each))) {
    expect(page.headers.get('content-security-policy'), page.path).toContain("frame-ancestors 'none'")
    expect(page.headers.get('x-frame-options'), page.path).toBe('DENY')
  }
})

test('every page is what it says it is, tells little of where somebody came from, and holds for HTTPS alone', () => {
  for (const { path, headers } of all) {
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('referrer-policy'), path).toMatch(
      /^(same-origin|no-referrer|strict-origin-when-cross-origin)$/,
    )
    expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000')
    expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
  }
})

test('no page of operators is kept in a cache', () => {
  const secret = all.filter(({ path }) => /^\/(console|verdict)/.test(path))
  for (const { path, headers } of secret) expect(headers.get('cache-control'), path).toBe('no-store')
})

test('no page holds a script, a style or an act inline', () => {
  for (const { path, text } of all)
    expect(text, path).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\s(style|on\w+)="/)
})

test('the cookie of a session is for HTTPS, for this host and for no script, and no other comes with a page', async () => {
  const response = await fetch(`${cloud.url}/console/login`, {
    ...{
      method: 'POST',
      redirect: 'manual',
      headers: { origin: publicUrl, cookie: '__Host-sixcast=planted' },
    },
    body: new URLSearchParams({ name: 'admin', password: fleet.password }),
  })
  const [set = '', ...others] = response.headers.getSetCookie()
  expect([others, set]).toEqual([
    [],
    expect.stringMatching(
      /^__Host-sixcast=[\w-]{43}; Path=\/; Expires=[^;]*; HttpOnly; Secure; SameSite=Strict$/,
    ),
  ])
  expect(set).not.toContain('planted')
  for (const { path, headers } of all) expect(headers.getSetCookie(), path).toEqual([])
})
