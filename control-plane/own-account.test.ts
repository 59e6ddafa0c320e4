import { expect, test } from 'vitest'
import { startTestControlPlane } from '../tests/setup/start-test-control-plane.ts'

const { url, rooms } = await startTestControlPlane()
const password = await rooms.accounts.resetPassword('admin')

/** A browser of somebody who has logged in by the form. */
async function browser(name: string, secret: string) {
  const response = await fetch(`${url}/console/login`, {
    ...{ method: 'POST', redirect: 'manual', headers: { origin: url, 'user-agent': 'curl/8.0' } },
    body: new URLSearchParams({ name, password: secret }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? expect.fail()
  const get = (path: string) =>
    fetch(url + path, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })
  const page = async (path: string) => (await get(path)).text()
  return {
    page,
    isIn: async () => (await get('/console')).status === 200,
    async post(path: string, values: Record<string, string> = {}) {
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page('/console/me'))?.[1] ?? ''
      return fetch(url + path, {
        ...{ method: 'POST', redirect: 'manual', headers: { cookie, origin: url } },
        body: new URLSearchParams({ csrf, ...values }),
      })
    },
  }
}

test('whoever is logged in at two places ends the other, or all others, and stays where he is', async () => {
  const [here, there, elsewhere] = [
    await browser('admin', password),
    await browser('admin', password),
    await browser('admin', password),
  ]
  const text = await here.page('/console/me')
  expect(text).toContain('You are logged in here, and in 2 more places.')
  expect(text.match(/<th scope="row">curl/g)).toHaveLength(3)
  const own = /action="(\/console\/me\/sessions\/[^"]+\/end)"/.exec(
    (await there.page('/console/me')).split('this one')[1] ?? '',
  )
  await here.post(own?.[1] ?? '')
  expect([await here.isIn(), await there.isIn(), await elsewhere.isIn()]).toEqual([true, false, true])
  await here.post('/console/me/sessions/end')
  expect([await here.isIn(), await elsewhere.isIn()]).toEqual([true, false])
})

test('a token made on one’s own page opens the API, until it is taken back there', async () => {
  const me = await browser('admin', password)
  const made = await (
    await me.post('/console/me/tokens', { name: 'backup', scope: 'read', days: '30' })
  ).text()
  const token = /Bearer (sixcast_[\w-]+)/.exec(made)?.[1]
  const status = async () =>
    (await fetch(`${url}/v1/nodes`, { headers: { authorization: `Bearer ${token}` } })).status
  expect(await status()).toBe(200)
  const text = await me.page('/console/me')
  expect(text).toMatch(/ago <span class="quiet">from 127\.0\.0\.1</)
  await me.post(/action="(\/console\/me\/tokens\/\w+\/revoke)"/.exec(text)?.[1] ?? '')
  expect(await status()).toBe(401)
})

test('an admin ends the logins of somebody and takes his tokens back; nobody else’s are touched', async () => {
  const admin = await browser('admin', password)
  const ann = await browser('ann', await rooms.accounts.invite('ann', 'support'))
  await ann.post('/console/me/tokens', { name: 'anns', scope: 'read', days: '30' })
  expect((await ann.post('/console/people/admin/sessions/end')).status).toBe(403)
  const text = await admin.page('/console/people/ann')
  await admin.post(/action="(\/console\/people\/ann\/tokens\/\w+\/revoke)"/.exec(text)?.[1] ?? '')
  await admin.post('/console/people/ann/sessions/end')
  expect([await ann.isIn(), await admin.isIn(), await rooms.apiTokens.listTokens('ann')]).toEqual([
    ...[false, true, []],
  ])
})

test('whoever changes his password is logged out everywhere, and in again with the new one alone', async () => {
  const first = await rooms.accounts.invite('bob', 'operator')
  const [here, there] = [await browser('bob', first), await browser('bob', first)]
  const next = 'a long enough secret'
  expect((await here.post('/console/me/password', { present: 'wrong', next })).status).toBe(401)
  expect(await there.isIn()).toBe(true)
  const changed = await here.post('/console/me/password', { present: first, next })
  expect([changed.status, changed.headers.get('location')]).toEqual([303, '/console/login'])
  expect([await here.isIn(), await there.isIn()]).toEqual([false, false])
  expect(await (await browser('bob', next)).isIn()).toBe(true)
})
