import type { Browser } from 'playwright-core'
import { sleep } from '../shared/runtime/repeat.ts'
import { startTestBrowser } from '../tests/setup/start-test-browser.ts'
import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { startFleet } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable, showMs } from './markdown-table.ts'
import { median, percentile } from './percentiles.ts'

const CLOUD = 'http://127.0.0.1:9090'
const JOINS = 20
/** Nobody clicks before he has looked. */
const LOOKED_MS = 2000
/** The stream is to be whole before anybody joins: then none of them meets its beginning. */
const SETTLED_FRAMES = 300

/** From the click on a card of the landing page to the first frame of the watch page, in a browser on the same machine. */
export async function measureJoin({ say }: Pick<Bench, 'say'>): Promise<void> {
  const fleet = await startFleet()
  const browser = await startTestBrowser()
  try {
    await eventually(() => expectStatus(`${CLOUD}/play/demo`, 200), 60_000)
    await settle(browser)
    const joins: number[] = []
    // Each as a viewer who has never been here: nothing is kept from the one before.
    while (joins.length < JOINS) joins.push(await joinMs(browser))
    const measured = [median(joins), percentile(joins, 0.95), Math.max(...joins)]
    const row = [`click to first frame, ${JOINS} new viewers`, ...measured.map(showMs), 'p50 ≤ 700 ms']
    for (const line of markdownTable(['join', 'p50', 'p95', 'longest', 'goal'], [row])) say(line)
  } finally {
    await browser.close()
    await fleet.remove()
  }
}

async function settle(browser: Browser) {
  const page = await browser.newPage()
  await page.goto(`${CLOUD}/watch/demo`)
  await eventually(async () => {
    const frames = await page.evaluate<number>(
      "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames",
    )
    if (frames < SETTLED_FRAMES) throw new Error(`only ${frames} frames were shown`)
  }, 60_000)
  await page.close()
}

async function joinMs(browser: Browser): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.addInitScript(clock)
  await page.goto(CLOUD)
  const card = page.locator('a[href="/watch/demo"]').first()
  await card.waitFor()
  await sleep(LOOKED_MS)
  await card.click()
  const { found } = await eventually(async () => {
    const ms = await page.evaluate<number>('window.joinedMs')
    if (!(ms > 0)) throw new Error('no frame was shown')
    return ms
  })
  await context.close()
  return found
}

/** Both pages are of one origin: what the first has noted the second can read. */
const clock = `(() => {
  const now = () => performance.timeOrigin + performance.now()
  addEventListener('click', () => sessionStorage.setItem('clicked-at', now()), true)
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('video')?.requestVideoFrameCallback(() => {
      window.joinedMs = now() - Number(sessionStorage.getItem('clicked-at'))
    })
  })
})()`
