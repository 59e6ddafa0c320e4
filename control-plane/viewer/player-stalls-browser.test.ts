import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { timeOf } from '../../tests/setup/moving-picture.ts'
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

// States in which a player stands though its stream is live, each brought about in a real browser. Nobody presses anything.

/** Sooner than by a new beginning. */
const SOON_MS = 7000

let encoder: TestEncoder
let browser: Browser
let page: Page
let stream: StreamView
let frozen: Map<string, Buffer> | undefined
const servers: TestServer[] = []

beforeAll(async () => {
  encoder = await startTestEncoder()
  browser = await startTestBrowser()
  const node = await startServer(testMedia(encoder.folder, () => true, asFrozen))
  stream = { ...testStream, host: node.host }
  const controlPlane = await startServer(testPages(() => stream, node.port))
  servers.push(node, controlPlane)
  page = await browser.newPage()
  await page.addInitScript(seePlayers)
  await page.goto(`http://${controlPlane.host}/watch/demo`)
  await playsOn(page)
}, 60_000)
afterAll(async () => {
  await browser.close()
  for (const server of servers) await server.stop()
  await encoder.stop()
})

/** In the page: the newest hls.js is `hls`, the element `video`. One page goes through all of them. */
test.each([
  ['was paused by a new source', 'hls.detachMedia(); video.pause(); hls.attachMedia(video)', SOON_MS],
  ['hls.js has stopped loading for without a word', 'hls.stopLoad(); drain()'],
  ['has lost its hls.js', 'hls.destroy()'],
  ['stands before a hole in its buffer', 'hole()', SOON_MS],
  ['is to be brought back by a search that never ends', 'hang(); fatal(); drain()'],
  ['is to be brought back by a source that cannot be loaded', 'breakLoading(); fatal(); drain()'],
  ['cannot be repaired', 'fatal("mediaError"); setTimeout(() => fatal("mediaError"), 300)'],
  ['ended as hls.js took away its source', 'atTheEnd(() => { end(); hls.detachMedia() })'],
  ['has ended', 'atTheEnd(end)'],
])('a picture that %s plays on', { timeout: 60_000 }, async (_, state, withinMs?: number) => {
  await page.evaluate(
    `{ const hls = window.players.at(-1); const video = document.querySelector('video'); ${tools} ${state} }`,
  )
  await playsOn(page, withinMs)
})
const tools = `
  const fatal = (type = 'networkError') =>
    hls.trigger('hlsError', { type, details: 'test', fatal: true, error: new Error('test') })
  const remove = (from, to) => {
    const { duration, sourceBuffers } = hls.bufferController.mediaSource
    const start = video.currentTime + from
    if (start >= duration) return
    for (const each of sourceBuffers) {
      const now = () => each.remove(start, to)
      if (each.updating) each.addEventListener('updateend', now, { once: true })
      else now()
    }
  }
  const drain = () => remove(0.2, Infinity)
  const hole = () => { hls.gapController.clearInterval(); remove(0.2, video.currentTime + 1.2) }
  const end = () => hls.bufferController.mediaSource.endOfStream()
  const atTheEnd = (act) => {
    hls.stopLoad()
    drain()
    return new Promise((resolve) => {
      const looking = setInterval(() => {
        if (video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA) return
        clearInterval(looking)
        resolve(act())
      }, 50)
    })
  }
  const hang = () => {
    const real = window.fetch
    window.fetch = () => { window.fetch = real; return new Promise(() => {}) }
  }
  const breakLoading = () => {
    const { prototype } = window.RealHls
    const real = prototype.loadSource
    prototype.loadSource = () => { prototype.loadSource = real; throw new Error('test') }
  }
`

test('the last frame stays in sight until the next is there', { timeout: 60_000 }, async () => {
  await page.evaluate(`{ const hls = window.players.at(-1); const video = document.querySelector('video'); ${tools}
    window.black = 0
    const look = () => { window.black += video.readyState < 2 && document.getElementById('frame').hidden ? 1 : 0; requestAnimationFrame(look) }
    requestAnimationFrame(look)
    fatal() }`)
  const { length } = await page.evaluate<unknown[]>('window.players.map(() => 0)')
  await vi.waitFor(async () => expect(await page.evaluate('window.players.length')).toBeGreaterThan(length), {
    timeout: 10_000,
  })
  await playsOn(page)
  expect(await page.evaluate('window.black')).toBe(0)
  expect(await page.locator('#frame').isHidden()).toBe(true)
})

test('while the encoder is away the picture stands at its end, and what is the matter is said', {
  timeout: 60_000,
}, async () => {
  frozen = new Map()
  stream = { ...stream, state: 'waiting' }
  await page.getByText('The encoder is away.').waitFor({ timeout: 20_000 })
  // Chromium now and then stands a few milliseconds beyond the last that is buffered: hls.js takes that for a lost viewer.
  await page.evaluate("document.querySelector('video').currentTime += 0.03")
  const at = await timeOf(page)
  for (let look = 0; look < 25; look += 1) {
    expect(await timeOf(page)).toBeGreaterThanOrEqual(at)
    expect(await page.locator('#matter').textContent()).toContain('The encoder is away.')
    await page.waitForTimeout(200)
  }
  frozen = undefined
  stream = { ...stream, state: 'live' }
  await page.getByText('The encoder is away.').waitFor({ state: 'hidden', timeout: 20_000 })
  await playsOn(page)
})

test('what its viewer has paused stays paused, and the live button leads back to the edge', {
  timeout: 60_000,
}, async () => {
  await page.keyboard.press('k')
  const at = await timeOf(page)
  await page.waitForTimeout(9500)
  expect(await timeOf(page)).toBeCloseTo(at, 0)
  await page.evaluate(
    "{ const hls = window.players.at(-1); const video = document.querySelector('video'); hls.detachMedia(); hls.attachMedia(video) }",
  )
  await page.waitForTimeout(2500)
  expect(await page.evaluate("document.querySelector('video').paused")).toBe(true)
  const live = page.getByRole('button', { name: /^Live.* Go to the live edge$/ })
  await live.click()
  await vi.waitFor(async () => expect(await timeOf(page)).toBeGreaterThan(at + 5), { timeout: 10_000 })
  await live.waitFor({ state: 'detached', timeout: 10_000 })
})

/** A playlist as it was when the encoder went. */
function asFrozen(file: string, bytes: Buffer | undefined) {
  if (!frozen || !bytes || !file.startsWith('video-')) return bytes
  const kept = frozen.get(file) ?? bytes
  frozen.set(file, kept)
  return kept
}

/** It goes on by itself, not by a jump: five looks in a row see it a little further. */
async function playsOn(page: Page, withinMs = 30_000) {
  let [last, steps] = [await timeOf(page), 0]
  for (const until = Date.now() + withinMs; steps < 5; ) {
    await page.waitForTimeout(200)
    const time = await timeOf(page)
    steps = time > last && time < last + 1.5 ? steps + 1 : 0
    last = time
    if (Date.now() > until) throw new Error(`the picture stands at ${time}`)
  }
}

/** Every hls.js the page makes. */
const seePlayers = `
  window.players = []
  Object.defineProperty(window, 'Hls', {
    get: () => window.SeenHls,
    set(Real) {
      window.RealHls = Real
      window.SeenHls = class extends Real { constructor(settings) { super(settings); window.players.push(this) } }
    },
  })`
