import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { startTestViewing, type TestViewing } from './start-test-viewing.ts'

const MOST_HTML_BYTES = 14 * 1024
const MOST_SCRIPT_BYTES = 20 * 1024

let browser: Browser
let viewing: TestViewing
beforeAll(async () => {
  browser = await startTestBrowser()
  viewing = await startTestViewing()
}, 30_000)
afterAll(async () => {
  await browser.close()
  viewing.stop()
})

const stream: StreamView = {
  ...{ name: 'harbour', title: 'The harbour', description: 'Day and night, the whole year.', open: true },
  ...{ since: new Date(Date.now() - 3_600_000), height: 720, viewers: 12, host: '[2001:4dd0::7]:8084' },
  ...{ manifest: 'index.m3u8', session: 'saaaaaaaaaaaa', state: 'live' },
}
/** Names and words that have nothing in common: they do not pack well. */
const words = (at: number) =>
  Array.from({ length: 12 }, (_, n) => ((at + 1) * (n + 7) * 7919).toString(36)).join(' ')
const fifty = Array.from({ length: 50 }, (_, at) => ({
  ...stream,
  ...{ name: `s${at}-${words(at).slice(0, 6)}`, title: words(at).slice(0, 40), description: words(at) },
}))

test.each([
  ['/', fifty],
  ['/watch/harbour', [stream]],
  ['/embed/harbour', [stream]],
])('the page %s is small on the way, and so are its own scripts beside hls.js', async (path, streams) => {
  viewing.streams = streams
  const html = await (await fetch(viewing.url + path)).text()
  expect(gzipSync(html).length).toBeLessThanOrEqual(MOST_HTML_BYTES)
  const loaded = html.replaceAll(/<link rel="prefetch"[^>]*>/g, '')
  const scripts = new Set(loaded.match(/\/assets\/[\w.-]+\.js/g))
  const own = [...scripts].filter((url) => !/\/(hls|dash)-/.test(url))
  expect(own.length).toBeGreaterThan(3)
  const sizes = await Promise.all(
    own.map(async (url) => gzipSync(await (await fetch(viewing.url + url)).text()).length),
  )
  expect(sizes.reduce((all, each) => all + each, 0)).toBeLessThanOrEqual(MOST_SCRIPT_BYTES)
})

test.each([
  ['/', fifty],
  ['/watch/harbour', [stream]],
])(
  'nothing moves on %s while it loads, nor when it is told something new',
  { timeout: 30_000 },
  async (path, streams) => {
    viewing.streams = streams
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.addInitScript(`
    window.shifted = 0
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifted += value
    }).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(viewing.url + path)
    viewing.streams = streams.map((each) => ({ ...each, title: `New: ${each.title}` }))
    await page.getByText('New: ').first().waitFor()
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    expect(await page.evaluate('window.shifted')).toBeLessThan(0.01)
    await page.close()
  },
)
