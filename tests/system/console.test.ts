import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'

let fleet: Fleet
let browser: Browser

beforeAll(async () => {
  const env = { HEARTBEAT_SECONDS: '1', LEASE_SECONDS: '5' }
  fleet = await startFleet(['--nodes', '2', '--no-demo'], { env })
  browser = await startTestBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fleet?.remove()
})

test('an operator logs in and sees a node fall silent and come back, without touching the page', async () => {
  const page = await (await browser.newContext()).newPage()
  await logIn(page)
  await page.getByRole('heading', { name: 'Both nodes are reachable.' }).waitFor()
  await page.evaluate('window.neverLoadedAnew = true')
  const list = await page.context().newPage()
  await list.goto('http://127.0.0.1:9090/console/nodes?q=node-2')
  await list.getByRole('heading', { name: '1 node with “node-2”' }).waitFor()
  await list.evaluate('window.neverLoadedAnew = true')
  const node = list.getByRole('row').filter({ hasText: 'node-2' })
  for (const figure of ['CPU', 'Memory'])
    await node
      .locator(`[data-label="${figure}"]`)
      .getByText(/^\d+ %$/)
      .waitFor()

  const agent = fleet.pid('node-2-agent')
  process.kill(agent, 'SIGSTOP')
  await page.getByRole('heading', { name: '1 node needs you.' }).waitFor()
  await page.getByText(/node-2 has been silent for/).waitFor()
  await node.getByText(/^silent/).waitFor()
  await node.getByText(/^IPv4 was reachable/).waitFor()

  process.kill(agent, 'SIGCONT')
  await page.getByRole('heading', { name: 'Both nodes are reachable.' }).waitFor()
  await node.getByText(/^alive/).waitFor()
  for (const each of [page, list]) {
    expect(await each.evaluate('window.neverLoadedAnew')).toBe(true)
    await each.close()
  }
})

async function logIn(page: Page) {
  const { password } = await fleet.operate('password')
  await page.goto('http://127.0.0.1:9090/console')
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}
