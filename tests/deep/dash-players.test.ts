import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { serveShaka } from '../system/serve-shaka.ts'
import { publish } from '../system/start-test-encoder.ts'
import { type Fleet, run, startFleet } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

const MANIFEST = 'http://127.0.0.1:8084/golive/manifest.mpd'
const RELAYED = 'http://127.0.0.1:8080/golive/manifest.mpd'
const RETURNS = 5
const CVLC = '/usr/bin/cvlc'

// Wants a machine with nothing else to do: the delays of players are promised here.
let fleet: Fleet
let browser: Browser
let shaka: Awaited<ReturnType<typeof serveShaka>>
let publisher: ReturnType<typeof publish>

const begin = () => publish('rtmp://127.0.0.1:1935/stream/golive')

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  browser = await startTestBrowser()
  shaka = await serveShaka()
  publisher = begin()
  await eventually(() => expectStatus(MANIFEST, 200))
})
afterAll(async () => {
  await publisher?.stop()
  await shaka?.stop()
  await browser?.close()
  await fleet?.remove()
})

test('dash.js stays two and a half seconds behind the source for a minute', async () => {
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/watch/golive/dash')
  await playsOn(page, 15)
  const { time } = await playback(page)
  const { afterMs } = await eventually(
    async () => expect((await playback(page)).time).toBeGreaterThan(time + 60),
    80_000,
  )
  expect(afterMs, 'without a pause').toBeLessThan(63_000)
  const label = await page.locator('#live').getAttribute('aria-label')
  expect(Number(/([\d.]+) seconds/.exec(label ?? '')?.[1])).toBeLessThan(2.5)
  await page.close()
})

test(`dash.js and shaka, straight and by the relay, play on through ${RETURNS} returns of the publisher`, async () => {
  const urls = [
    'http://127.0.0.1:9090/watch/golive/dash',
    ...[MANIFEST, RELAYED].map((url) => `${shaka.url}?${url}`),
  ]
  const pages = await Promise.all(
    urls.map(async (url) => {
      const page = await browser.newPage()
      await page.goto(url)
      return page
    }),
  )
  for (let turn = 0; turn <= RETURNS; turn++) {
    await Promise.all(pages.map((page) => playsOn(page, 3)))
    await publisher.stop('SIGKILL')
    publisher = begin()
  }
  await Promise.all(pages.map((page) => playsOn(page, 3)))
})

test.runIf(existsSync(CVLC))('VLC plays it by its name', async () => {
  const { text } = await run('setpriv', [
    ...['--reuid=65534', '--clear-groups', CVLC, '-vv', '--intf=dummy', '--vout=dummy', '--aout=dummy'],
    ...['--run-time=6', '--play-and-exit', MANIFEST.replace('127.0.0.1', 'localhost'), 'vlc://quit'],
  ])
  expect(text).toMatch(/VoutDisplayEvent 'resize' \d{3}x\d{3}|Received first picture/)
})

async function playsOn(page: Page, seconds: number) {
  const before = await playback(page)
  await eventually(async () => {
    const { frames, time } = await playback(page)
    expect(frames).toBeGreaterThan(before.frames + 10 * seconds)
    expect(time).toBeGreaterThan(before.time + seconds)
  }, 60_000)
}
