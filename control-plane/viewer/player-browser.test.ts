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

// The real player in a real browser, with real media; nodes, relay and control plane are servers the test can take away.

let encoder: TestEncoder
let browser: Browser
let page: Page
let node: TestServer
let relay: TestServer
let controlPlane: TestServer
let stream: StreamView

const media = () => testMedia(encoder.folder, () => stream.state === 'live')

beforeAll(async () => {
  encoder = await startTestEncoder()
  browser = await startTestBrowser()
  node = await startServer(media())
  relay = await startServer(media())
}, 30_000)

afterAll(async () => {
  for (const server of [node, relay, controlPlane]) await server.stop()
  await browser.close()
  await encoder.stop()
})

beforeEach(async () => {
  stream = { ...testStream, host: node.host }
  controlPlane = await startServer(testPages(() => stream, relay.port))
  page = await browser.newPage()
  await page.goto(`http://${controlPlane.host}/watch/demo`)
  await moves(page)
  return async () => {
    await page.close()
    await controlPlane.stop()
    await node.start()
  }
}, 30_000)

test('the picture moves', { timeout: 20_000 }, async () => {
  const frames = await page.evaluate(
    "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames",
  )
  expect(frames).toBeGreaterThan(5)
})

test('when the node dies the relay takes over', { timeout: 30_000 }, async () => {
  const asked = relay.asked()
  await node.stop()
  await takenOver(asked)
  await moves(page)
})

test('the player plays on without the control plane, even when the node then dies', {
  timeout: 30_000,
}, async () => {
  await controlPlane.stop()
  await moves(page)
  const asked = relay.asked()
  await node.stop()
  await takenOver(asked)
  await moves(page)
})

test('a stream that was lost is played from its new address', { timeout: 40_000 }, async () => {
  await node.stop()
  stream = { ...stream, state: 'lost' }
  await page.getByText('The connection to the source is lost.').waitFor({ timeout: 20_000 })
  const moved = await startServer(media())
  stream = { ...stream, state: 'live', session: 'sbbbbbbbbbbbb', host: moved.host }
  await page.getByText('The connection to the source is lost.').waitFor({ state: 'hidden', timeout: 10_000 })
  await vi.waitFor(() => expect(moved.asked()).toBeGreaterThan(3), { timeout: 10_000 })
  await moves(page)
  await moved.stop()
})

/** By the recovery, that is: the watchdog, which would notice in the end, is slower. */
const takenOver = (askedBefore: number) =>
  vi.waitFor(() => expect(relay.asked()).toBeGreaterThan(askedBefore + 3), { timeout: 7000 })
