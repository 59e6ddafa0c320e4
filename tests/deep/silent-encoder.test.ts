import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sleep } from '../../shared/runtime/repeat.ts'
import { INDEX } from '../conformance/upset-stream.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { publish } from '../system/start-test-encoder.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

let fleet: Fleet
let browser: Browser
let page: Page
let encoder: ReturnType<typeof publish>

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  browser = await startTestBrowser()
  encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  await eventually(() => expectStatus(INDEX, 200), 60_000)
  page = await browser.newPage()
  await page.addInitScript(watchPlayers)
  await page.goto('http://127.0.0.1:9090/watch/golive')
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(10))
})
afterAll(async () => {
  await encoder?.stop('SIGKILL')
  await browser?.close()
  await fleet?.remove()
})

test.each([2, 10])(
  'who watches an encoder that is silent for %d s plays on in the same player',
  async (seconds) => {
    const multivariant = await (await expectStatus(INDEX, 200)).text()
    const session = /s[a-z0-9]{12}/.exec(multivariant)?.[0]
    encoder.child.kill('SIGSTOP')
    await sleep(seconds * 1000)
    encoder.child.kill('SIGCONT')
    const { time } = await playback(page)
    await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 8), 60_000)
    expect(await page.evaluate('window.fatal')).toEqual([])
    expect(await page.evaluate('window.players.map(penalties)')).toEqual([[]])
    expect(await (await expectStatus(INDEX, 200)).text()).toContain(session)
  },
)

/** Every hls.js the page makes, what was fatal to it, and which ways to the stream it has given up. */
const watchPlayers = `
  window.players = []
  window.fatal = []
  window.penalties = (hls) =>
    Object.keys(hls.networkControllers.find((each) => each.penalizedPathways).penalizedPathways)
  Object.defineProperty(window, 'Hls', {
    get: () => window.SeenHls,
    set(Real) {
      window.SeenHls = class extends Real {
        constructor(settings) {
          super(settings)
          window.players.push(this)
          this.on(Real.Events.ERROR, (_, { fatal, details }) => fatal && window.fatal.push(details))
        }
      }
    },
  })`
