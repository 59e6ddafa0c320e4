import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from './eventually.ts'
import { probeCodecs } from './probe-codecs.ts'
import { documentedCommand, publish } from './start-test-encoder.ts'
import { type Fleet, run, startFleet } from './start-test-fleet.ts'
import { picture, playback } from './viewer.ts'

/** Ten seconds are promised, and measured in tests/deep/; a busy machine may take longer. */
const OFF_AIR_MS = 20_000

let fleet: Fleet
let browser: Browser

beforeAll(async () => {
  fleet = await startFleet([], { env: { STALE_THRESHOLD: '12' } })
  browser = await startTestBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fleet?.remove()
})

test('a viewer opens the landing page, presses play and sees the moving test pattern', async () => {
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/')
  await page.locator('a[href="/watch/demo"]').first().click()
  await plays(page)

  const before = await picture(page)
  const { time } = await playback(page)
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 1))
  const after = await picture(page)
  expect(colours(after), 'the test pattern is colourful, a black frame is not').toBeGreaterThan(8)
  expect(changed(before, after), 'the pattern moves').toBeGreaterThan(0)
  await page.close()
})

test.each([
  ['as documented', documentedCommand],
  ['with the time drawn into the picture', withClock],
])('what an encoder sends %s plays everywhere, and is gone when it stops', async (_, command) => {
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/')
  const encoder = publish('rtmp://localhost:1935/stream/golive', command)

  await eventually(async () =>
    expect(await probeCodecs('http://127.0.0.1:8080/golive/index.m3u8')).toMatch(
      /h264[\s\S]*aac|aac[\s\S]*h264/,
    ),
  )
  const mpv = await run('mpv', [
    '--no-config',
    '--vo=null',
    '--ao=null',
    '--length=1',
    'http://127.0.0.1:8080/golive/index.m3u8',
  ])
  expect(mpv.code, mpv.text).toBe(0)

  const answer = await expectStatus('http://127.0.0.1:9090/streams/golive', 200)
  const location = await answer.json()
  expect(location).toEqual({
    name: 'golive',
    manifest: 'index.m3u8',
    host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  })
  expect(answer.headers.get('x-origin')).toBe(location.host)
  const card = page.locator('a[href="/watch/golive"]').first()
  await card.waitFor({ timeout: 10_000 })

  const mediaPlaylist = await firstMediaPlaylist('http://127.0.0.1:8080/golive/index.m3u8')
  await encoder.stop()
  await Promise.all([
    eventually(() => expectStatus('http://127.0.0.1:9090/streams/golive', 404), OFF_AIR_MS),
    eventually(() => expectStatus('http://127.0.0.1:8083/streams/golive/index.m3u8', 404), OFF_AIR_MS),
    eventually(() => expectStatus('http://127.0.0.1:8080/golive/index.m3u8', 404), OFF_AIR_MS),
    card.waitFor({ state: 'detached', timeout: OFF_AIR_MS }),
  ])

  expect(
    await (await expectStatus(mediaPlaylist, 200)).text(),
    'who is watching keeps a playlist',
  ).not.toContain('ENDLIST')
  await eventually(
    async () => expect(await (await expectStatus(mediaPlaylist, 200)).text()).toContain('#EXT-X-ENDLIST'),
    40_000,
  )
  await page.close()
})

test('the picture on the landing page has the colours that the player shows', async () => {
  const encoder = publish('rtmp://127.0.0.1:1935/stream/golive', documentedCommand)
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/golive', 200))
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/watch/golive')
  await plays(page)
  const [played, shown] = [
    await picture(page),
    await picture(page, 'http://127.0.0.1:8084/golive/thumbnail.jpg'),
  ]
  expect(farthest(played, shown)).toBeLessThan(10)
  await page.close()
  await encoder.stop()
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/golive', 404))
})

test('who is watching reads that the encoder is away, plays on when it is back, and reads when the stream has ended', async () => {
  const page = await browser.newPage()
  const first = publish('rtmp://127.0.0.1:1935/stream/golive')
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/golive', 200))
  await page.goto('http://127.0.0.1:9090/watch/golive')
  await plays(page)

  await first.stop('SIGKILL')
  await page.getByText(/encoder is away/i).waitFor({ timeout: 15_000 })

  const second = publish('rtmp://127.0.0.1:1935/stream/golive')
  await page.getByText(/encoder is away/i).waitFor({ state: 'hidden', timeout: 30_000 })
  const { time } = await playback(page)
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 2), 40_000)

  await second.stop()
  await page.getByText(/ended/i).waitFor({ timeout: 40_000 })
  await page.close()
})

test('a picture of the stream is there and stays fresh', async () => {
  const url = 'http://127.0.0.1:8083/streams/demo/thumbnail.jpg'
  const first = await (await expectStatus(url, 200)).bytes()
  expect([...first.slice(0, 2)], 'a JPEG').toEqual([0xff, 0xd8])
  await eventually(async () => {
    const next = await (await expectStatus(url, 200)).bytes()
    expect(Buffer.compare(first, next)).not.toBe(0)
  }, 20_000)
})

async function plays(page: Page) {
  await eventually(async () => {
    const big = page.getByRole('button', { name: /play/i })
    if (await big.isVisible()) await big.click()
    const { time, frames } = await playback(page)
    expect(time).toBeGreaterThan(0)
    expect(frames).toBeGreaterThan(10)
  })
}

function withClock(url: string): string[] {
  return documentedCommand(url).map((option) =>
    option.startsWith('smptehdbars')
      ? `${option},drawtext=text='%{localtime}':fontsize=96:fontcolor=white:x=100:y=100`
      : option,
  )
}

async function firstMediaPlaylist(url: string) {
  const text = await (await expectStatus(url, 200)).text()
  const uri = text.split('\n').find((line) => line && !line.startsWith('#'))
  return new URL(uri ?? '', url).href
}

const colours = (pixels: number[][]) =>
  new Set(pixels.map((pixel) => pixel.map((value) => value >> 5).join())).size
/** How far four fifths of the pixels differ at most: at the edges of bars the two are scaled differently. */
const farthest = (one: number[][], other: number[][]) =>
  atFourFifths(
    one.map((pixel, at) =>
      Math.max(...pixel.map((value, channel) => Math.abs(value - Number(other[at]?.[channel])))),
    ),
  )
const atFourFifths = (numbers: number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * 0.8)]
const changed = (before: number[][], after: number[][]) =>
  before.filter((pixel, at) =>
    pixel.some((value, channel) => Math.abs(value - Number(after[at]?.[channel])) > 24),
  ).length
