import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsOf } from '../../tests/setup/see-violations.ts'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { startTestViewing, type TestViewing } from './start-test-viewing.ts'

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
  ...{ name: 'harbour', title: 'The harbour', description: 'Day and night.', open: true },
  ...{ since: new Date(Date.now() - 3_600_000), height: 720, viewers: 12 },
  state: 'live',
}
const ended: StreamView = {
  ...stream,
  name: 'council',
  title: 'Council',
  state: 'ended',
  stateSince: new Date(),
}
const many = Array.from({ length: 9 }, (_, at) => ({
  ...stream,
  ...{ name: `s${at}`, title: `Quay ${at}`, category: at > 4 ? 'Town' : '' },
}))

const pages: [what: string, streams: StreamView[], path: string][] = [
  ['the landing page with nothing on it', [], '/'],
  ['the landing page with what was live', [ended], '/'],
  ['the landing page of one stream', [stream], '/'],
  ['the landing page of many', [...many, ended], '/'],
  ['a search that finds something', many, '/?q=quay+3'],
  ['a search that finds nothing', many, '/?q=zoo'],
  ['the watch page of a live stream', [stream], '/watch/harbour'],
  ['the watch page of one whose encoder is away', [{ ...stream, state: 'waiting' }], '/watch/harbour'],
  ['the watch page of one that has ended', [ended], '/watch/council'],
  ['the watch page by DASH', [ended], '/watch/council/dash'],
  ['the player for other pages', [stream], '/embed/harbour'],
  ['a page that is not there', [], '/watch/nowhere'],
]

const LIGHT = { colorScheme: 'light' } as const
const DARK = { colorScheme: 'dark', locale: 'es-ES' } as const

/** Their colours are the same: each is looked at in one of two ways, its neighbours in the other. */
const looks = pages.map(([what, streams, path], at) => ({
  what,
  streams,
  path,
  shape: at % 2 ? DARK : LIGHT,
}))

test.each(looks)(
  'axe finds nothing wrong with $what, $shape',
  { timeout: 60_000 },
  async ({ streams, path, shape }) => {
    viewing.streams = streams
    const page = await (await browser.newContext(shape)).newPage()
    await page.goto(viewing.url + path)
    await page
      .locator('#share summary')
      .click({ timeout: 200 })
      .catch(() => {}) // where there is one
    expect(await violationsOf(page)).toEqual([])
    await page.context().close()
  },
)
