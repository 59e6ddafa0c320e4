import { Hono } from 'hono'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { moves } from '../../tests/setup/moving-picture.ts'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import {
  startServer,
  startTestEncoder,
  type TestEncoder,
  type TestServer,
  testMedia,
  testPages,
  testStream,
} from './start-test-stream.ts'

// Links with a time, and the player on pages of others, in a real browser with real media.

let encoder: TestEncoder
let browser: Browser
let node: TestServer
let pages: TestServer
let page: Page

beforeAll(async () => {
  encoder = await startTestEncoder()
  browser = await startTestBrowser()
  node = await startServer(testMedia(encoder.folder))
  pages = await startServer(testPages(() => ({ ...testStream, host: node.host }), node.port))
}, 30_000)
afterAll(async () => {
  for (const server of [node, pages]) await server.stop()
  await browser.close()
  await encoder.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  return () => page.close()
})

const ageOf = async (shown: Page) =>
  Date.now() - Number(await shown.locator('#stage').getAttribute('data-taken-at'))

test('a link with a time shows the picture of that time, as long as it is kept', {
  timeout: 60_000,
}, async () => {
  await vi.waitFor(async () => expect(await mediaSeconds()).toBeGreaterThan(14), {
    timeout: 25_000,
    interval: 500,
  })
  const seconds = Math.floor(Date.now() / 1000) - 11
  await page.goto(`http://${pages.host}/watch/demo?t=${seconds}`)
  await moves(page)
  await vi.waitFor(async () => expect(await ageOf(page)).toBeGreaterThan(9000))
  expect(await ageOf(page)).toBeLessThan(15_000)
  expect(await page.locator('#told').isVisible()).toBe(false)
})

test('a link to what is kept no longer says so, and shows what is live', { timeout: 30_000 }, async () => {
  await page.goto(`http://${pages.host}/watch/demo?t=2025-11-20T12:00:00Z`)
  await page.getByText('That moment is kept no longer. This is live now.').waitFor()
  const inkOf = (selector: string) =>
    page.locator(selector).evaluate((element) => getComputedStyle(element).color)
  expect(await inkOf('#told'), 'it lies beside the picture, not on it').toBe(await inkOf('body'))
  await moves(page)
  expect(await ageOf(page)).toBeLessThan(8000)
})

test('whoever shares is given a link to the page, or to the picture that is shown now', {
  timeout: 30_000,
}, async () => {
  await page.goto(`http://${pages.host}/watch/demo`)
  await moves(page)
  await page.getByText('Share', { exact: true }).click()
  expect(await page.getByLabel('Link').inputValue()).toBe(`http://${pages.host}/watch/demo`)
  await page.getByLabel('From the picture that is shown now').check()
  const [, seconds] = (await page.getByLabel('Link').inputValue()).match(/\/watch\/demo\?t=(\d{10})$/) ?? []
  expect(Date.now() / 1000 - Number(seconds)).toBeLessThan(15)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy' }).last().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
    new RegExp(`^<iframe src="http://${pages.host}/embed/demo" title="Demo" `),
  )
})

test('the player plays on the page of somebody else, without sound, and its title leads here', {
  timeout: 30_000,
}, async () => {
  const code = `<iframe src="http://${pages.host}/embed/demo" width="640" height="360" allow="autoplay"></iframe>`
  const other = await startServer(new Hono().get('/', (c) => c.html(code)))
  onTestFinished(other.stop)
  await page.goto(`http://localhost:${other.port}/`) // by another name of this machine: to the browser it is another site
  const frame = page.frameLocator('iframe')
  const time = () => frame.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
  await vi.waitFor(async () => expect(await time()).toBeGreaterThan(0.5), { timeout: 15_000 })
  const begun = await time()
  await vi.waitFor(async () => expect(await time()).toBeGreaterThan(begun + 0.5), { timeout: 5000 })
  const size = await frame.locator('#stage').evaluate((stage) => [stage.clientWidth, stage.clientHeight])
  expect(size).toEqual([640, 360])
  expect(await frame.getByRole('link', { name: 'Demo' }).getAttribute('href')).toBe('/watch/demo')
  expect(await page.context().cookies()).toEqual([])
})

/** How much of the stream is there to go back to. */
async function mediaSeconds() {
  const playlist = await fetch(`http://${node.host}/demo/video-0.m3u8`).then((answer) => answer.text())
  return playlist.match(/#EXTINF/g)?.length ?? 0
}
