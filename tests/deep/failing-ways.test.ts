import { spawnSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FrontWay, leadBy, openWay } from '../setup/front-ways.ts'
import { markPlayback, playbackSince, seePlayback } from '../setup/see-playback.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { publish } from '../system/start-test-encoder.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

// How long a viewer's picture stands when his way fails: the real watch page, three rungs and sound, two ways to one node.

const ROUNDS = 3
let fleet: Fleet
let browser: Browser
let page: Page
let encoder: ReturnType<typeof publish>
let ways: [FrontWay, FrontWay]

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  browser = await startTestBrowser()
  ways = [await openWay('127.0.0.8'), await openWay('127.0.0.9')]
  encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  await eventually(() => expectStatus('http://127.0.0.1:9090/play/golive', 200))
})
afterAll(async () => {
  await encoder?.stop()
  await browser?.close()
  for (const way of ways ?? []) await way.stop()
  await fleet?.remove()
})

beforeEach(async () => {
  page = await browser.newPage()
  await seePlayback(page)
  return async () => {
    await page.close()
    nft('add', 'table', 'inet', 'test') // so that there is one to delete
    nft('delete', 'table', 'inet', 'test')
    for (const way of ways) await way.heal()
  }
})

const rounds = Array.from({ length: ROUNDS }, (_, round) => [round + 1])

test.each(rounds)('low latency, the way refuses: round %i', async () => {
  await watch()
  await ways[0].refuse()
  const { freezeMs, movedAfterMs } = await moved()
  expect(freezeMs).toBeLessThan(1500)
  expect(movedAfterMs).toBeLessThan(8000)
})

test.each(rounds)('low latency, the way falls silent: round %i', async () => {
  await watch()
  blackhole('127.0.0.8')
  const { freezeMs, movedAfterMs } = await moved()
  expect(freezeMs).toBeLessThan(1500)
  expect(movedAfterMs).toBeLessThan(8000)
})

test.each(rounds)('twelve seconds behind the edge, the way falls silent: round %i', async () => {
  await watch()
  await page.evaluate("document.querySelector('video').pause()")
  await page.waitForTimeout(12_000)
  await page.evaluate("document.querySelector('video').play()")
  await page.waitForTimeout(2000)
  await markPlayback(page)
  blackhole('127.0.0.8')
  const { freezeMs, movedAfterMs } = await moved()
  expect(freezeMs).toBeLessThan(500)
  expect(movedAfterMs).toBeLessThan(8000)
})

test.each(rounds)('the only node’s nginx begins anew: round %i', async () => {
  await watch([])
  const killed = fleet.pid('node-1-nginx')
  process.kill(killed, 'SIGKILL')
  await page.waitForTimeout(8000)
  const seen = await playbackSince(page)
  tell(seen)
  expect(seen.freezeMs).toBeLessThan(3000)
  const { time } = await playback(page)
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 2))
})

/** Until it plays steadily. */
async function watch(by: FrontWay[] = ways) {
  if (by.length) await leadBy(page, by)
  await page.goto('http://127.0.0.1:9090/watch/golive')
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(60))
  await page.waitForTimeout(3000 + Math.random() * 1000)
  await markPlayback(page)
}

async function moved() {
  await eventually(async () => expect((await playbackSince(page)).pathway).toBe('second'), 20_000)
  await page.waitForTimeout(4000)
  const seen = await playbackSince(page)
  tell(seen)
  return { movedAfterMs: Number.POSITIVE_INFINITY, ...seen }
}

const tell = (seen: object) =>
  process.stdout.write(`${expect.getState().currentTestName}: ${JSON.stringify(seen)}\n`)

/** All packets to and from the address vanish, in this network of the test's own. */
function blackhole(address: string) {
  nft('add', 'table', 'inet', 'test')
  nft('add', 'chain', 'inet', 'test', 'out', '{ type filter hook output priority 0 ; }')
  for (const end of ['daddr', 'saddr']) nft('add', 'rule', 'inet', 'test', 'out', 'ip', end, address, 'drop')
}

function nft(...options: string[]) {
  const { status, stderr } = spawnSync('nft', options)
  if (status !== 0) throw new Error(String(stderr))
}
