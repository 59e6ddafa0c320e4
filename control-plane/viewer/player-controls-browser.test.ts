import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { moves, timeOf } from '../../tests/setup/moving-picture.ts'
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

// The controls as people use them: pressed, typed and read, in a real browser over a real stream with captions.

let encoder: TestEncoder
let browser: Browser
let page: Page
const servers: TestServer[] = []

beforeAll(async () => {
  encoder = await startTestEncoder()
  browser = await startTestBrowser()
  const node = await startServer(testMedia(encoder.folder, () => true, withCaptions))
  const controlPlane = await startServer(testPages(() => ({ ...testStream, host: node.host }), node.port))
  servers.push(node, controlPlane)
  page = await browser.newPage({ viewport: { width: 1000, height: 700 } })
  await page.addInitScript(seeHls)
  await page.goto(`http://${controlPlane.host}/watch/demo`)
  await moves(page)
}, 60_000)
afterAll(async () => {
  await browser.close()
  for (const server of servers) await server.stop()
  await encoder.stop()
})

const video = (of: string) => page.evaluate(`document.querySelector('video').${of}`)
const eventually = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 15_000, interval: 200 })

test('keys play and pause, mute, and turn the volume', async () => {
  await page.keyboard.press('k')
  expect(await video('paused')).toBe(true)
  await page.keyboard.press(' ')
  expect(await video('paused')).toBe(false)
  await page.keyboard.press('ArrowDown')
  expect(await video('volume')).toBeCloseTo(0.9)
  const muted = await video('muted')
  await page.keyboard.press('m')
  expect(await video('muted')).toBe(!muted)
  await page.keyboard.press('m')
})

test('each button has a name, and what it does can be heard from it', async () => {
  await page.mouse.move(300, 300)
  const toggle = page.getByRole('button', { name: 'Pause' })
  await toggle.click()
  expect(await video('paused')).toBe(true)
  await page.getByRole('group', { name: 'Player' }).getByRole('button', { name: 'Play' }).click()
  expect(await video('paused')).toBe(false)
  const names = await page
    .locator('#controls :is(button, select, input):visible')
    .evaluateAll((all) => all.map((each) => each.ariaLabel))
  expect(names.filter((name) => !name)).toEqual([])
})

test('everything can be reached by keyboard, is seen while it is, and has room for a finger', async () => {
  await page.locator('#toggle').focus()
  const seen: string[] = []
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab')
    seen.push(String(await page.evaluate('document.activeElement.id')))
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
  }
  expect(seen).toEqual(['mute', 'volume', 'live', 'captions', 'quality', 'full'])
  const sizes = await page
    .locator('#controls :is(button, select):visible')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()))
  expect(Math.min(...sizes.flatMap(({ width, height }) => [width, height]))).toBeGreaterThanOrEqual(44)
  await page.evaluate('document.activeElement.blur()')
})

test('the controls go while nobody needs them, and come back at a touch of the mouse', async () => {
  await page.mouse.move(300, 300)
  await page.locator('#stage.idle').waitFor({ timeout: 8000 })
  expect(await page.locator('#controls').evaluate((bar) => getComputedStyle(bar).pointerEvents)).toBe('none')
  await page.mouse.move(320, 300)
  expect(await page.locator('#stage').getAttribute('class')).not.toContain('idle')
})

test('how old the picture is stands beside Live', async () => {
  const [taken, now] = await page.evaluate<[number, number]>(
    '[window.players.at(-1).playingDate.getTime(), Date.now()]',
  )
  await eventually(async () => {
    const shown = Number.parseFloat((await page.locator('#delay').textContent()) ?? '')
    expect(Math.abs(shown - (now - taken) / 1000)).toBeLessThan(1.5)
  })
})

test('the quality says what it has come to; one that was chosen stays chosen through a new beginning', {
  timeout: 60_000,
}, async () => {
  const quality = page.getByRole('combobox', { name: 'Quality' })
  await eventually(async () =>
    expect(await quality.locator('option').allTextContents()).toEqual([
      expect.stringMatching(/^Auto · \d+p$/),
      '240p',
      '144p',
    ]),
  )
  const begun = await page.evaluate<number>('window.players.length')
  await quality.selectOption('144p')
  await eventually(async () => expect(await video('videoHeight')).toBe(144))
  await page.evaluate(
    "window.players.at(-1).trigger('hlsError', { type: 'networkError', details: 'test', fatal: true, error: new Error('test') })",
  )
  await eventually(async () => expect(await page.evaluate('window.players.length')).toBeGreaterThan(begun))
  await moves(page)
  expect(await video('videoHeight')).toBe(144)
  expect(await quality.inputValue()).toBe('144')
  await quality.selectOption({ index: 0 })
  await eventually(async () =>
    expect(await page.evaluate('window.players.at(-1).autoLevelEnabled')).toBe(true),
  )
})

test('captions, where there are some, are shown and hidden', async () => {
  const captions = page.getByRole('button', { name: 'Captions' })
  const before = await captions.getAttribute('aria-pressed')
  await page.keyboard.press('c')
  await eventually(async () => expect(await captions.getAttribute('aria-pressed')).not.toBe(before))
  await captions.click()
  await eventually(async () => expect(await captions.getAttribute('aria-pressed')).toBe(before))
})

test('full screen is entered and left by its key', async () => {
  await page.keyboard.press('f')
  await eventually(async () => expect(await page.evaluate('document.fullscreenElement?.id')).toBe('stage'))
  await page.getByRole('button', { name: 'Leave full screen' }).click()
  await eventually(async () => expect(await page.evaluate('document.fullscreenElement')).toBe(null))
})

test('a viewer whom a stall has set far behind is brought back to the edge', {
  timeout: 40_000,
}, async () => {
  await eventually(async () => expect(await timeOf(page)).toBeGreaterThan(10))
  await page.keyboard.press('l') // who has paused it, as the tests above have, may stay where he is
  const before = await timeOf(page)
  await page.evaluate("document.querySelector('video').currentTime -= 9.5")
  await vi.waitFor(async () => expect(await timeOf(page)).toBeGreaterThan(before), { timeout: 5000 })
  await moves(page)
})

/** One caption that is always there. */
function withCaptions(file: string, bytes: Buffer | undefined): Buffer | undefined {
  if (file === 'words.vtt') return Buffer.from('WEBVTT\n\n00:00.000 --> 99:00:00.000\nA crane turns.\n')
  if (file === 'words.m3u8') return Buffer.from(wordsPlaylist)
  if (file !== 'index.m3u8' || !bytes) return bytes
  const words = '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",NAME="English",LANGUAGE="en",URI="words.m3u8"\n'
  const text = bytes.toString().replaceAll('#EXT-X-STREAM-INF:', '#EXT-X-STREAM-INF:SUBTITLES="words",')
  return Buffer.from(text.replace('#EXT-X-STREAM-INF', `${words}#EXT-X-STREAM-INF`))
}
const wordsPlaylist = '#EXTM3U\n#EXT-X-TARGETDURATION:3600\n#EXTINF:3600,\nwords.vtt\n#EXT-X-ENDLIST\n'

/** Every hls.js the page makes. */
const seeHls = `
  window.players = []
  let Seen
  Object.defineProperty(window, 'Hls', {
    get: () => Seen,
    set(Real) {
      Seen = class extends Real { constructor(settings) { super(settings); window.players.push(this) } }
    },
  })`
