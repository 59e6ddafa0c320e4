import { Beacon } from '@sixcast/shared/contract/beacon.ts'
import { Hono } from 'hono'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { moves } from '../../tests/setup/moving-picture.ts'
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

// The real player in a real browser, steered among nodes that the test takes away.

/** A port that nobody listens at. */
const NOBODY = 9

let encoder: TestEncoder
let browser: Browser
let page: Page
let controlPlane: TestServer
const nodes: Record<string, TestServer> = {}
const silent = new Set<string>()
/** What the steering answers, and what it was asked. */
let priority: string[]
let clones: string[]
let steered: URL[]
/** What the player has told. */
let told: { what: string }[]

beforeAll(async () => {
  encoder = await startTestEncoder()
  browser = await startTestBrowser()
  for (const name of ['a', 'b', 'c']) nodes[name] = await startServer(node(name))
}, 30_000)

afterAll(async () => {
  for (const server of Object.values(nodes)) await server.stop()
  await browser.close()
  await encoder.stop()
})

beforeEach(async () => {
  ;[priority, clones, steered, told] = [['a', 'b'], [], [], []]
  controlPlane = await startServer(controlPlaneApp())
  page = await browser.newPage()
  await page.addInitScript(`
    window.lost = []; window.loads = 0
    addEventListener('lost', ({ detail }) => window.lost.push(detail))
    Object.defineProperty(window, 'Hls', { get: () => window.SeenHls, set(Real) {
      window.SeenHls = class extends Real { constructor(...all) { super(...all); window.loads += 1 } } } })`)
  await page.goto(`http://${controlPlane.host}/watch/demo`)
  await moves(page)
  await plays('a')
  return async () => {
    await page.close()
    await controlPlane.stop()
    silent.clear()
    for (const server of Object.values(nodes)) await server.start()
  }
}, 30_000)

test('when its node refuses, the player takes the other way without beginning anew', async () => {
  await nodes.a?.stop()
  await plays('b', 2500)
  await moves(page)
  expect(await page.evaluate('window.lost')).toEqual([{ pathway: 'a', how: 'refused' }])
  expect(await page.evaluate('window.loads')).toBe(1)
})

test('when its node falls silent, the player leaves it, and the steering does not bring it back', async () => {
  silent.add('a')
  await plays('b', 5000)
  expect(await page.evaluate('window.lost')).toEqual([{ pathway: 'a', how: 'timeout' }])
  const asked = steered.length
  await vi.waitFor(() => expect(steered.length).toBeGreaterThan(asked + 1), { timeout: 8000 })
  expect(steered.at(-1)?.searchParams.get('exclude')).toBe('a')
  await plays('b')
  await moves(page)
  expect(await page.evaluate('window.loads')).toBe(1)
}, 30_000)

test('what its viewer meets with is told, and nothing of him', async () => {
  const about = { stream: 'demo', session: testStream.session }
  // On a busy machine a picture may stand before anything is taken away: that is told too.
  const what = (kind: string) => told.filter((each) => each.what === kind)
  await vi.waitFor(() =>
    expect(what('join')).toEqual([{ ...about, pathway: 'a', what: 'join', ms: expect.any(Number) }]),
  )
  const stalls = what('stall').length
  for (const name of ['a', 'b']) await nodes[name]?.stop()
  const dry = "document.querySelector('video').readyState < 3"
  await vi.waitFor(async () => expect(await page.evaluate(dry)).toBe(true), { timeout: 15_000 })
  await page.waitForTimeout(1500)
  await nodes.b?.start()
  await vi.waitFor(() => expect(what('stall').length).toBeGreaterThan(stalls), { timeout: 15_000 })
  await playsOn(2)
  await page.goto('about:blank')
  await vi.waitFor(() => expect(what('watched').length).toBeGreaterThan(0), { timeout: 5000 })
  for (const beacon of told) expect(Beacon.parse(beacon)).toEqual(beacon)
}, 40_000)

test('when no way answers, it is the viewer’s own line: nothing is left, and nothing is told', async () => {
  for (const name of ['a', 'b', 'c']) silent.add(name)
  await page.waitForTimeout(2300)
  silent.clear()
  await page.waitForTimeout(500)
  expect(await page.evaluate('window.lost')).toEqual([])
  await plays('a')
  await moves(page)
}, 30_000)

test('a node that came while it played is a way out too', async () => {
  ;[priority, clones] = [['a', 'c', 'b'], ['c']]
  const asked = steered.length
  await vi.waitFor(() => expect(steered.length).toBeGreaterThan(asked + 1), { timeout: 8000 })
  silent.add('a')
  await plays('c', 5000)
  await moves(page)
}, 30_000)

test('when all ways refuse it begins anew as soon as one is there, and asks to be spared what has failed', async () => {
  await nodes.b?.stop()
  await nodes.a?.stop()
  await page.waitForTimeout(1500)
  await nodes.b?.start()
  await plays('b', 15_000)
  await moves(page)
}, 40_000)

const plays = (pathway: string, withinMs = 5000) =>
  vi.waitFor(async () => expect(await page.locator('video').getAttribute('data-pathway')).toBe(pathway), {
    timeout: withinMs,
    interval: 50,
  })

const playsOn = (seconds: number) =>
  page.evaluate(`new Promise((resolve) => {
    const video = document.querySelector('video')
    const from = video.currentTime
    video.ontimeupdate = () => video.currentTime > from + ${seconds} && resolve()
  })`)

/** It serves the encoder's files, or nothing at all. */
function node(name: string) {
  const media = testMedia(encoder.folder)
  return new Hono().all('*', async (c) => {
    while (silent.has(name)) await new Promise((resolve) => setTimeout(resolve, 100))
    if (c.req.path === '/ping') return c.body(null, 204, { 'access-control-allow-origin': '*' })
    return media.fetch(c.req.raw)
  })
}

function controlPlaneApp() {
  const app = new Hono()
    .get('/play/demo', (c) => c.body(playlist(), 200, { 'content-type': 'application/vnd.apple.mpegurl' }))
    .post('/beacon', async (c) => {
      told.push(JSON.parse(await c.req.text()))
      return c.body(null, 204)
    })
    .get('/steer/demo', (c) => {
      steered.push(new URL(c.req.url))
      return c.json({
        VERSION: 1,
        TTL: 2,
        'RELOAD-URI': '/steer/demo',
        'PATHWAY-PRIORITY': priority,
        'PATHWAY-CLONES': clones.map(clone),
      })
    })
  return app.route(
    '/',
    // Without a relay: what is played from it is not steered, and nothing is told of it.
    testPages(() => ({ ...testStream, host: nodes.a?.host ?? '' }), NOBODY),
  )
}

const urlAt = (name: string, variant: number) => `http://${nodes[name]?.host}/demo/video-${variant}.m3u8`

const clone = (name: string) => ({
  'BASE-ID': 'b',
  ID: name,
  'URI-REPLACEMENT': { 'PER-VARIANT-URIS': { v0: urlAt(name, 0), v1: urlAt(name, 1) } },
})

const playlist = () =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-CONTENT-STEERING:SERVER-URI="/steer/demo",PATHWAY-ID="a"',
    ...['a', 'b'].flatMap((name) =>
      ['426x240', '256x144'].flatMap((size, variant) => [
        `#EXT-X-STREAM-INF:BANDWIDTH=${600_000 - variant * 300_000},CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION=${size},PATHWAY-ID="${name}",STABLE-VARIANT-ID="v${variant}"`,
        urlAt(name, variant),
      ]),
    ),
  ].join('\n')
