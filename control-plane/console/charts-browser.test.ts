import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import type { Point } from '../history/points.ts'
import { SERIES_NAMES } from '../history/series.ts'
import { toldHistory } from '../history/told-history.ts'
import { look } from '../look/look.ts'
import { pageSecurity } from '../look/page-security.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { chartsPage } from './charts-page.ts'
import { consoleAssets } from './console-assets.ts'

const NOW = 1_795_000_000
const node: NodeView = {
  id: 'depot2345depot2345de',
  name: 'depot',
  enrolledAt: new Date(),
  reachable: [],
  streams: [],
  metrics: {
    measuredAt: '2026-11-20T12:00:00Z',
    uptimeSeconds: 1,
    cpu: { percent: 1, cores: 4, load1: 0 },
    memory: { totalBytes: 2, usedBytes: 1 },
    storage: [{ mount: '/', totalBytes: 32e9, usedBytes: 1, writtenBytesPerSecond: 1, wornPercent: 20 }],
    ...{ network: [], processes: [] },
  },
}
const operator = { id: 'x', operator: 'admin', role: 'admin', csrfToken: 'csrf' } as const

/** Of three hours, with one missing in the middle. */
function measured() {
  const minutes = Array.from({ length: 180 }, (_, at) => at).filter((at) => at < 60 || at >= 120)
  const points = minutes.map((minute): Point => {
    const numbers = SERIES_NAMES.map((name) =>
      name === 'cpu' ? 400 + minute : name === 'own-cpu' ? 150 : 100,
    )
    return { at: NOW - 10_800 + 60 * minute, mean: numbers, most: numbers.map((each) => each + 50) }
  })
  return toldHistory({ from: NOW - 10_800, until: NOW, step: 60, points }, SERIES_NAMES)
}

const days = Array.from({ length: 31 }, (_, day): Point => {
  const numbers = SERIES_NAMES.map((name) => (name === 'storage' ? 500 + 10 * day : 1000))
  return { at: NOW + (day - 30) * 86_400, mean: numbers, most: numbers }
})
const storage = toldHistory({ from: NOW - 30 * 86_400, until: NOW, step: 86_400, points: days }, [
  'storage',
  'written',
])

let away = false
const app = new Hono()
  .route('/', look.routes)
  .route('/', consoleAssets.routes)
  .use(pageSecurity())
  .get('/charts', (c) =>
    c.html(chartsPage({ ...{ node, storage, operator }, range: '6h', told: measured() })),
  )
  .get('/v1/nodes/:id/history', (c) => (away ? c.text('', 503) : c.json(measured())))

const server = createServer(getRequestListener(app.fetch))
let browser: Browser
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  browser = await startTestBrowser()
})
afterAll(async () => {
  await browser.close()
  server.close()
})

async function open(width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, timezoneId: 'UTC' })
  page.on('console', (said) => said.type() === 'error' && refused.push(said.text()))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/charts`)
  await page.locator('.chart canvas').first().waitFor()
  return page
}
const refused: string[] = []

test.each([1280, 390, 320])(
  'at %d pixels every chart is drawn, and nothing stands beyond the edge',
  async (width) => {
    const page = await open(width)
    const sections = await page.locator('.chart').count()
    expect(sections).toBe(10)
    expect(await page.locator('.chart canvas').count()).toBe(sections)
    const widest = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(widest).toBeLessThanOrEqual(width)
    expect(refused).toEqual([])
    await page.close()
  },
)

test('the line has a gap where nothing was measured', async () => {
  const page = await open(1280)
  const inked = (share: number) =>
    page.evaluate((at) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.chart canvas')
      const [x, wide] = [Math.round((canvas?.width ?? 0) * at), 12]
      const { data = [] } =
        canvas?.getContext('2d')?.getImageData(x, 20, wide, (canvas?.height ?? 0) - 60) ?? {}
      let dark = 0
      for (let at = 3; at < data.length; at += 4)
        if (Number(data[at]) > 200 && Number(data[at - 1]) < 120) dark += 1
      return dark
    }, share)
  expect(await inked(0.3)).toBeGreaterThan(0)
  expect(await inked(0.55)).toBe(0)
  expect(await inked(0.8)).toBeGreaterThan(0)
  await page.close()
})

test('the pointer over one chart reads all of them at that time', async () => {
  const page = await open(1280)
  const box = await page.locator('.chart .u-over').first().boundingBox()
  await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 50)
  await expect
    .poll(() => page.locator('.chart .reading').first().textContent())
    .toMatch(/· CPU 4\d(\.\d)? % \(most 4\d(\.\d)?\) · CPU of Sixcast 15 %/)
  expect(await page.locator('.chart .reading').nth(1).textContent()).toMatch(/\d\d:\d\d:\d\d · 10 %/)
  await page.close()
})

test('what is away is said, and ends by itself', async () => {
  const page = await browser.newPage()
  await page.clock.install()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/charts`)
  await page.locator('.chart canvas').first().waitFor()
  away = true
  await page.clock.runFor(61_000)
  await page.getByText('The charts may be old').waitFor()
  away = false
  await page.clock.runFor(61_000)
  await page.getByText('The charts may be old').waitFor({ state: 'hidden' })
  await page.close()
})

test('without script the figures say the same, and what is to come', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/charts`)
  expect(await page.locator('.charts').isVisible()).toBe(false)
  expect(await page.getByRole('row', { name: /^CPU 5/ }).textContent()).toContain('%')
  const text = await page.locator('.lead').textContent()
  expect(text).toContain('full in 20 days.')
  expect(text).toContain('8.6 GB a day are written to its storage: of its 32 GB a card')
  expect(text).toContain('20 % of its life')
  await context.close()
})
