import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillTestFleet } from '../tests/setup/fill-test-fleet.ts'
import { startTestBrowser } from '../tests/setup/start-test-browser.ts'
import { startTestControlPlane } from '../tests/setup/start-test-control-plane.ts'

/** Whatever reads this as markup runs it, in one way or another. */
const hostile = (name: string) => `"'><script>pwned=1</script><img src=x onerror="pwned=1">${name}`
const asPath = encodeURIComponent(hostile('typed'))

const cloud = await startTestControlPlane()
const fleet = await fillTestFleet(cloud, hostile('kept'))
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await startTestBrowser()
  context = await browser.newContext()
  // What the policy of a page has stopped would have run without it.
  await context.addInitScript(`addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => {
    (window.stopped ??= []).push(violatedDirective + ' ' + blockedURI)
  })`)
  const page = await context.newPage()
  await page.goto(`${cloud.url}/console/login`)
  await page.getByLabel('Name').fill(hostile('me').slice(0, 50))
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('do not belong together').waitFor()
  expect(await harm(page)).toEqual({ pwned: false, stopped: [], injected: [] })
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(fleet.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: /needs you/ }).waitFor()
  await page.close()
}, 60_000)
afterAll(() => browser?.close())

/** Whether anything ran, would have run, or became an element of the page. */
const harm = (page: Page) =>
  page.evaluate<{ pwned: boolean; stopped: string[]; injected: string[] }>(`({
    pwned: 'pwned' in window,
    stopped: window.stopped ?? [],
    injected: [...document.querySelectorAll('img[src="x"], script:not([src])')].map(({ outerHTML }) => outerHTML),
  })`)
const none = { pwned: false, stopped: [], injected: [] }

/** It says of itself that a text begins with what it is called; a form may hold it as a value. */
const shows = (page: Page, text: string) =>
  page.evaluate<boolean>(`[document.body.innerText, document.title, ...[...document.querySelectorAll('input, textarea')].map(({ value }) => value)]
    .some((each) => each.includes(${JSON.stringify(text)}))`)

/** Every page that there is, and those that say again what was typed. */
const paths = [
  ...new Set(cloud.routes.filter(({ method }) => method === 'GET').map(({ path }) => fleet.pathTo(path))),
  ...[`/?q=${asPath}`, `/watch/${asPath}`, `/${asPath}`, `/console/nodes?q=${asPath}`],
  ...[`/console/streams/${asPath}`, `/console/people/${asPath}`, `/console/nodes/${asPath}`],
].filter(
  (path) =>
    !/^\/(v1|assets|console\/events|events|play|go|steer|streams|authorize|openapi|health)\b/.test(path),
)

test('no page makes markup of what nodes, encoders, browsers and people have called something', async () => {
  const shown: string[] = []
  const page = await context.newPage()
  page.on('dialog', (dialog) => expect.fail(dialog.message()))
  for (const path of paths) {
    await page.goto(cloud.url + path, { waitUntil: 'load' })
    expect(await harm(page), path).toEqual(none)
    if (await shows(page, '<script>pwned=1')) shown.push(path)
  }
  await page.close()
  const nodes = `/console/nodes/${fleet.node.id}`
  expect(shown, 'where it stands as the text that it is').toEqual(
    expect.arrayContaining([
      ...['/', '/watch/harbour', '/console', '/console/nodes', nodes, `${nodes}/orders`, `${nodes}/verdict`],
      ...['/console/streams', '/console/streams/harbour', '/console/claims', '/console/record'],
      ...[`/?q=${asPath}`, `/console/nodes?q=${asPath}`, '/console/me', '/console/people/admin'],
      expect.stringMatching(/^\/verdict\//),
    ]),
  )
}, 90_000)

const node = `/console/nodes/${fleet.node.id}`
/** How often something was called anew: what stood there before does not count. */
let told = 0
test.each([
  '/',
  '/watch/harbour',
  '/console',
  '/console/nodes',
  node,
  '/console/streams',
  '/console/streams/harbour',
])('nor does %s, open already, when it is told of them', async (path) => {
  const page = await context.newPage()
  await page.goto(cloud.url + path)
  told += 1
  const anew = hostile(`anew ${told}`)
  await cloud.rooms.streamCatalog.describeStream('harbour', { title: anew, description: anew })
  await cloud.db.updateTable('node').set({ name: anew }).execute()
  await cloud.db.updateTable('reachability').set({ cause: anew }).execute()
  // What a watch page is told is its state alone: its title stays as it was.
  if (!path.startsWith('/watch')) await page.getByText(anew).first().waitFor()
  expect(await harm(page)).toEqual(none)
  await page.close()
})

test('the logs that a node sends are a file that no browser shows', async () => {
  const path =
    cloud.routes.find((route) => route.path.endsWith('/diagnostics') && route.method === 'GET')?.path ?? ''
  const page = await context.newPage()
  const downloading = page.waitForEvent('download')
  await page.goto(cloud.url + fleet.pathTo(path)).catch(() => {})
  expect((await downloading).suggestedFilename()).toMatch(/^diagnostics-.*\.txt$/)
  await page.close()
})
