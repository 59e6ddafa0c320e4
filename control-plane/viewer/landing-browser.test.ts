import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

test('pictures on the landing page are fetched anew every four seconds', { timeout: 30_000 }, async () => {
  const { port, asked } = await serve(() => PICTURE)
  const browser = await startTestBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.clock.install({ time: 0 })
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.clock.pauseAt(10_000)
  await page.clock.runFor(14_000)
  await vi.waitFor(() => expect(asked).toEqual(expect.arrayContaining(['3', '4', '5'])))
})

test('the picture of a node that does not give it comes from the control plane, and stays there for a while', {
  timeout: 30_000,
}, async () => {
  const { port, asked } = await serve((path) => (path.startsWith('/picture/') ? PICTURE : undefined))
  const browser = await startTestBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.clock.install({ time: 0 })
  await page.goto(`http://127.0.0.1:${port}/`)
  const shown = () =>
    page
      .locator('.card img')
      .evaluate((img: HTMLImageElement) => [new URL(img.src).pathname, img.naturalWidth])
  await vi.waitFor(async () => expect(await shown()).toEqual(['/picture/harbour.jpg', 1]))
  const before = asked.length
  await page.clock.pauseAt(10_000)
  await page.clock.runFor(14_000)
  expect(asked.length).toBe(before)
  await page.clock.runFor(60_000)
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before))
  expect(await shown()).toEqual(['/picture/harbour.jpg', 1])
})

test('what is as before stays in place when something new is told: nothing is read out again, and the focus stays', {
  timeout: 30_000,
}, async () => {
  const { port, said } = await serve(() => PICTURE)
  const browser = await startTestBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.locator('a.card').focus()
  await page.evaluate("window.before = [...document.querySelectorAll('[data-stream], [data-stream] *')]")
  const kept = () => page.evaluate('window.before.filter((element) => !element.isConnected).length')
  said.streams = said.streams.map((stream) => ({ ...stream, title: 'The harbour at night', viewers: 3 }))
  await page.getByText('The harbour at night').waitFor()
  await page.getByText(/3 viewers$/).waitFor()
  expect(await kept()).toBe(0)
  said.streams = [
    ...said.streams.map((stream) => ({ ...stream, name: 'arrivals', title: 'Arrivals' })),
    ...said.streams,
  ]
  await page.getByText('Arrivals').waitFor()
  expect(await kept()).toBe(0)
  expect(await page.evaluate("document.activeElement.closest('[data-stream]')?.dataset.stream")).toBe(
    'harbour',
  )
  said.streams = []
  await page.getByText('Nothing is live').waitFor()
})

const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** The landing page, and the one live stream's picture beside it: what the node is asked for is noted. */
async function serve(pictureAt: (path: string) => Buffer | undefined) {
  const asked: string[] = []
  const answer = (c: Context) => {
    const picture = pictureAt(c.req.path)
    return picture ? c.body(new Uint8Array(picture), 200, { 'content-type': 'image/gif' }) : c.body(null, 404)
  }
  const app = new Hono()
    .route('/', look.routes)
    .get('/harbour/thumbnail.jpg', (c) => {
      asked.push(c.req.query('at') ?? '')
      return answer(c)
    })
    .get('/picture/harbour.jpg', answer)
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stream: StreamView = {
    name: 'harbour',
    title: 'The harbour',
    description: '',
    open: false,
    state: 'live',
    host: `127.0.0.1:${port}`,
  }
  const said = { streams: [stream] }
  const streamViews = { list: async () => said.streams, find: async () => stream }
  app.route(
    '/',
    viewerRoutes({
      streamViews,
      publicUrl: '',
      posters: { find: async () => undefined },
      relayPort: 1,
      report: () => {},
      recognise: () => undefined,
    }),
  )
  return { port, asked, said }
}
