import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

const CLOUD = 'http://127.0.0.1:9090'

let fleet: Fleet
let browser: Browser
let page: Page

beforeAll(async () => {
  fleet = await startFleet()
  browser = await startTestBrowser()
  page = await (await browser.newContext()).newPage()
  await eventually(() => expectStatus(`${CLOUD}/streams/demo`, 200), 60_000)
})
afterAll(async () => {
  await browser?.close()
  await fleet?.remove()
})

test('the control plane hands out the live picture of a node, and it stays fresh', async () => {
  const { found: first } = await eventually(async () =>
    (await expectStatus(`${CLOUD}/picture/demo.jpg`, 200)).bytes(),
  )
  expect([...first.slice(0, 2)], 'a JPEG').toEqual([0xff, 0xd8])
  await eventually(async () => {
    const next = await (await expectStatus(`${CLOUD}/picture/demo.jpg`, 200)).bytes()
    expect(Buffer.compare(first, next)).not.toBe(0)
  }, 20_000)
})

test('a card says that somebody watches', async () => {
  await page.goto(CLOUD)
  const watching = await browser.newPage()
  await watching.goto(`${CLOUD}/watch/demo`)
  await page.getByText(/· 1 viewer$/).waitFor({ timeout: 30_000 })
  await watching.close()
})

test('while the control plane is away the landing page opens with what it knew, and the stream plays from its node', async () => {
  await page.goto(CLOUD)
  await eventually(() => keeps(page, '/watch/demo', '/assets/share'))
  const controlPlane = fleet.pid('control-plane')
  process.kill(controlPlane, 'SIGSTOP')
  try {
    await page.goto(CLOUD)
    await page
      .getByText(/^The list is from .+: the control plane does not answer\./)
      .waitFor({ timeout: 15_000 })
    await page.locator('a[href="/watch/demo"]').first().click()
    await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(30))
    const { time } = await playback(page)
    await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 3))
  } finally {
    process.kill(controlPlane, 'SIGCONT')
  }
  await page.goto(CLOUD)
  await page.locator('a[href="/watch/demo"]').first().waitFor()
  expect(await page.getByText(/^The list is from/).isVisible()).toBe(false)
})

async function keeps(at: Page, ...beginnings: string[]) {
  const paths: string[] = await at.evaluate(async () => {
    const names = await caches.keys()
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return kept.flat().map(({ url }) => new URL(url).pathname)
  })
  for (const beginning of beginnings)
    if (!paths.some((path) => path.startsWith(beginning))) throw new Error(`${beginning} is not kept yet`)
}
