import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { moves } from '../../tests/setup/moving-picture.ts'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import type { StreamView } from '../streams/stream-view.ts'
import {
  startServer,
  startTestEncoder,
  type TestEncoder,
  type TestServer,
  testMedia,
  testPages,
  testStream,
} from './start-test-stream.ts'

// What is left of the public pages when the control plane is gone: a server that the test takes away.

let encoder: TestEncoder
let browser: Browser
let node: TestServer
let controlPlane: TestServer
let page: Page
let stream: StreamView

beforeAll(async () => {
  encoder = await startTestEncoder()
  browser = await startTestBrowser()
  node = await startServer(testMedia(encoder.folder))
}, 30_000)
afterAll(async () => {
  await node.stop()
  await browser.close()
  await encoder.stop()
})
beforeEach(async () => {
  stream = { ...testStream, title: 'The harbour', host: node.host }
  controlPlane = await startServer(testPages(() => stream, node.port))
  page = await (await browser.newContext()).newPage()
  await page.goto(`http://${controlPlane.host}/`)
  await keptOf('/watch/demo', '/')
  return async () => {
    await page.context().close()
    await controlPlane.stop()
  }
}, 30_000)

test('without the control plane the list is there, says of when it is, and what it leads to plays', {
  timeout: 60_000,
}, async () => {
  stream = { ...stream, title: 'The harbour at night' } // told to the open page alone
  await page.getByText('The harbour at night').waitFor()
  await controlPlane.stop()
  await page.goto(`http://${controlPlane.host}/`)
  await page.getByText(/^The list is from .+: the control plane does not answer\./).waitFor()
  await page.getByText('The harbour at night').click()
  await moves(page, 20_000)
  expect(new URL(page.url()).pathname).toBe('/watch/demo')
})

test('once the control plane answers again, its own word counts', { timeout: 60_000 }, async () => {
  await controlPlane.stop()
  await page.goto(`http://${controlPlane.host}/`)
  await page.getByText(/^The list is from/).waitFor()
  stream = { ...stream, state: 'ended', stateSince: new Date() }
  await controlPlane.start()
  await page.getByText('Nothing is live').waitFor({ timeout: 20_000 })
  expect(await page.getByText(/^The list is from/).isVisible()).toBe(false)
  await page.goto(`http://${controlPlane.host}/watch/demo`)
  await page.getByText('This stream has ended.').waitFor()
})

test('a page that was never seen leads to the list, and nothing but pages for viewers is kept', {
  timeout: 60_000,
}, async () => {
  await page.evaluate("fetch('/streams/demo')")
  await controlPlane.stop()
  await page.goto(`http://${controlPlane.host}/watch/elsewhere`)
  await page.getByText(/^The list is from/).waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  const others = (await keptPaths()).filter((path) => !/^\/(assets\/.+|watch\/demo)?$/.test(path))
  expect(others).toEqual([])
  await expect(page.goto(`http://${controlPlane.host}/console`)).rejects.toThrow()
})

const keptPaths = (): Promise<string[]> =>
  page.evaluate(async () => {
    const names = await caches.keys()
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return kept.flat().map(({ url }) => new URL(url).pathname)
  })

/** With all that they need: the script that is named last on the page is kept last. */
const keptOf = (...paths: string[]) =>
  vi.waitFor(
    async () =>
      expect(await keptPaths()).toEqual(
        expect.arrayContaining([...paths, expect.stringContaining('/assets/share')]),
      ),
    { timeout: 15_000 },
  )
