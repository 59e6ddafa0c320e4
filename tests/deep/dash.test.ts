import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followManifest } from '../conformance/follow-manifest.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { serveShaka } from '../system/serve-shaka.ts'
import { publish } from '../system/start-test-encoder.ts'
import { type Fleet, run, startFleet } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

const RTMP = 'rtmp://127.0.0.1:1935/stream/golive'
const MANIFEST = 'http://127.0.0.1:8084/golive/manifest.mpd'

let fleet: Fleet
let browser: Browser
let shaka: Awaited<ReturnType<typeof serveShaka>>

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'], { env: { STALE_THRESHOLD: '12' } })
  browser = await startTestBrowser()
  shaka = await serveShaka()
})
afterAll(async () => {
  await shaka?.stop()
  await browser?.close()
  await fleet?.remove()
})

test('DASH keeps its promises and plays in dash.js, shaka, ffmpeg and mpv, through a return of the publisher, until its end', async () => {
  const first = publish(RTMP)
  await eventually(() => expectStatus(MANIFEST, 200))
  const following = followManifest(MANIFEST, new AbortController().signal)
  const [dashPage, shakaPage] = [await browser.newPage(), await browser.newPage()]
  await dashPage.goto('http://127.0.0.1:9090/watch/golive')
  await dashPage.getByRole('link', { name: 'DASH' }).click()
  await shakaPage.goto(`${shaka.url}?${MANIFEST}`)
  const pages = [dashPage, shakaPage]
  await Promise.all(pages.map(playsOn))
  expect(await delayOf(dashPage)).toBeLessThan(4)

  for (const [program, options] of others) {
    const { code, text } = await run(program, [...options, MANIFEST])
    expect(code, text).toBe(0)
  }

  await first.stop('SIGKILL')
  const second = publish(RTMP)
  await eventually(async () => expect(await text(MANIFEST)).toContain('<Period id="2"'))
  await Promise.all(pages.map(playsOn))
  // What a publisher that died has promised does not come: shaka asks again until the manifest takes it back (1001, 404).
  expect(await shakaPage.evaluate('errors.filter(({ code }) => code !== 1001)')).toEqual([])

  await second.stop()
  const { faults, segments, periods, last } = await following
  expect([...faults]).toEqual([])
  expect([...periods]).toEqual(['1', '2'])
  expect([...segments.keys()].toSorted()).toEqual(['audio', 'v240', 'v360'])
  for (const { growing } of segments.values()) expect(growing).toBeGreaterThan(2)
  expect(last?.type).toBe('static')
  await dashPage.getByText('This stream has ended.').waitFor()
}, 150_000)

const others: [string, string[]][] = [
  ['ffprobe', ['-v', 'error', '-read_intervals', '%+2', '-show_entries', 'packet=pts_time']],
  ['mpv', ['--no-config', '--vo=null', '--ao=null', '--really-quiet', '--length=2']],
]

async function playsOn(page: Page) {
  const before = await playback(page)
  await eventually(async () => {
    const { frames, time } = await playback(page)
    expect(frames).toBeGreaterThan(before.frames + 25)
    expect(time).toBeGreaterThan(before.time + 1)
  }, 40_000)
}

/** What the page itself shows. */
async function delayOf(page: Page) {
  const label = await page.locator('#live').getAttribute('aria-label')
  return Number(/([\d.]+) seconds/.exec(label ?? '')?.[1])
}

const text = async (url: string) => (await expectStatus(url, 200)).text()
