import { spawnSync } from 'node:child_process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { followManifest } from '../conformance/follow-manifest.ts'
import { followStream } from '../conformance/follow-stream.ts'
import { holdingsOf, INDEX, MANIFEST, UPSETS, upsetStream } from '../conformance/upset-stream.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from './eventually.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'
import { playback } from './viewer.ts'

const SOAK_MS = 120_000
const METRICS = 'http://127.0.0.1:8083/metrics'
/** Of four tracks: segments for twice the length of a playlist, short ones among them, and parts for twelve seconds. */
const MOST_FILES = 700

let fleet: Fleet
let browser: Browser

beforeAll(async () => {
  ;[fleet, browser] = await Promise.all([startFleet(['--no-demo']), startTestBrowser()])
})
afterAll(() => Promise.all([browser?.close(), fleet?.remove()]))

test('whatever happens to a stream, its playlists and its DASH manifest keep every promise, and who watches it plays on', async () => {
  const stream = upsetStream(fleet)
  onTestFinished(stream.stop)
  await stream.live()
  const until = Date.now() + SOAK_MS
  const over = new AbortController()
  const following = followStream(INDEX, over.signal)
  const followingDash = followManifest(MANIFEST, over.signal)
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/watch/golive')
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(10))

  const holdings = [holdingsOf(fleet)]
  let upsets = 0
  for (; upsets < UPSETS.length || Date.now() < until; upsets++) {
    await stream.happen(UPSETS[upsets % UPSETS.length] ?? 'encoder is killed')
    holdings.push(holdingsOf(fleet))
  }
  over.abort()
  const { faults, tracks } = await following
  expect([...faults]).toEqual([])
  expect([...tracks.keys()].toSorted()).toEqual(['audio', 'v240', 'v360', 'v480'])
  for (const { segments } of tracks.values()) {
    const numbers = [...segments.keys()].toSorted((a, b) => a - b)
    const breaks = new Set([...segments.values()].map(({ discontinuity }) => discontinuity))
    expect(numbers.at(-1)).toBe((numbers[0] ?? 0) + numbers.length - 1)
    expect(breaks.size).toBeGreaterThan(upsets)
  }
  const dash = await followingDash
  expect([...dash.faults]).toEqual([])
  expect([...dash.segments.keys()].toSorted()).toEqual(['audio', 'v240', 'v360', 'v480'])
  for (const { growing } of dash.segments.values()) expect(growing).toBeGreaterThan(0)
  expect(dash.periods.size).toBeGreaterThanOrEqual(upsets)
  const [{ time }, first, last] = [await playback(page), holdings[1], holdings.at(-1)]
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 2))
  expect(last?.files).toBeLessThan(MOST_FILES)
  expect(last?.handles).toBeLessThan(1.5 * (first?.handles ?? 0))
}, 400_000)

test.runIf(spawnSync('promtool', ['--version']).status === 0)(
  'what the node tells of all that is as Prometheus wants it: promtool finds nothing to mend',
  async () => {
    const metrics = await (await expectStatus(METRICS, 200)).text()
    expect(metrics).toMatch(/^streaming_response_seconds_bucket\{stream="golive",/m)
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: metrics,
      encoding: 'utf8',
    })
    expect(stdout + stderr).toBe('')
  },
)
